//! Numbers that look random and are the same on every machine.
//!
//! The rows are made inside `SQLite`, which is quick in every build; so a stream of numbers is an expression over the
//! row's number `i`: a quadratic polynomial modulo a prime, whose factors come from the seed.

/// A prime below 2^31: products of two remainders fit 64 bits.
const PRIME: u64 = 2_147_483_647;

/// Draws the factors of one stream after the other.
#[derive(Debug)]
pub struct Seed(u64);

impl Seed {
    /// The seed of one table: the same name gives the same rows.
    pub fn of(database: &str, table: &str) -> Self {
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(database.bytes().chain([b'.']).chain(table.bytes()).fold(0xcbf2_9ce4_8422_2325, fold))
    }

    /// An SQL expression for a number from 0 to 2^31 − 2 in row `i`.
    pub fn stream(&mut self) -> String {
        let (square, factor, offset) = (self.factor(), self.factor(), self.factor());
        format!("((i*i%{PRIME}*{square}+i*{factor}+{offset})%{PRIME})")
    }

    fn factor(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % (PRIME - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_streams_every_time() {
        let (mut one, mut two) = (Seed::of("lease", "contract"), Seed::of("lease", "contract"));
        assert_eq!(one.stream(), two.stream());
        assert_ne!(one.stream(), Seed::of("lease", "contract").stream());
        assert_ne!(Seed::of("lease", "room").stream(), Seed::of("lease", "contract").stream());
    }
}
