-- Tables that are alike but for their database and name were looked up by their source alone where statistics were young:
-- each among all others. The primary key begins with the source and serves both.
DROP INDEX tables_alive;
