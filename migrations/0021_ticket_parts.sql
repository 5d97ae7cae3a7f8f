-- Codes of tickets, three characters at a time: parts of them are searched. Codes never change, and a move touches nothing here.
-- No foreign key leads to the tickets; what is found is looked up among them.
-- SQLite:
CREATE VIRTUAL TABLE ticket_parts USING fts5 (parts, content = '', tokenize = 'trigram', detail = 'none', columnsize = 0);
-- PostgreSQL:
CREATE TABLE ticket_parts (
    rowid BIGINT PRIMARY KEY,
    parts TEXT NOT NULL
);
-- Both:
INSERT INTO ticket_parts (rowid, parts) SELECT id, code FROM tickets ORDER BY id;
-- PostgreSQL:
-- Without a list of what comes into the index later: transactions that add to it would wait for one another.
CREATE INDEX ticket_parts_by_three ON ticket_parts USING gin ((ARRAY[
    substr(parts, 1, 3), substr(parts, 2, 3), substr(parts, 3, 3), substr(parts, 4, 3), substr(parts, 5, 3), substr(parts, 6, 3),
    substr(parts, 7, 3), substr(parts, 8, 3), substr(parts, 9, 3), substr(parts, 10, 3), substr(parts, 11, 3), substr(parts, 12, 3),
    substr(parts, 13, 3), substr(parts, 14, 3), substr(parts, 15, 3), substr(parts, 16, 3), substr(parts, 17, 3), substr(parts, 18, 3),
    substr(parts, 19, 3), substr(parts, 20, 3), substr(parts, 21, 3), substr(parts, 22, 3), substr(parts, 23, 3)
])) WITH (fastupdate = off);
