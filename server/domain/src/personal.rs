//! Which columns look personal, by their names and comments. A guess that errs on the careful side.

/// Parts of names and comments that mark a person's data.
const SIGNS: [&str; 26] = [
    "mobile",
    "phone",
    "tel_no",
    "id_card",
    "idcard",
    "id_no",
    "identity",
    "passport",
    "bank_account",
    "bank_card",
    "card_no",
    "email",
    "birth",
    "address",
    "real_name",
    "wechat",
    "openid",
    "license_no",
    "手机",
    "电话",
    "身份证",
    "银行卡",
    "邮箱",
    "生日",
    "住址",
    "姓名",
];

/// Whether a column looks personal.
pub fn looks_personal(name: &str, comment: &str) -> bool {
    let text = format!("{name} {comment}").to_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_looks_personal_and_a_rent_does_not() {
        assert!(looks_personal("MOBILE_NO", ""));
        assert!(looks_personal("f12", "租客身份证号"));
        assert!(!looks_personal("rent_amount", "月租金"));
    }
}
