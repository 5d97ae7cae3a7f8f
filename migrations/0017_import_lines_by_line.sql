-- Reports are read in the order of the file.
DROP INDEX import_lines_by_outcome;
CREATE INDEX import_lines_by_line ON import_lines (import_id, line, position);
CREATE INDEX import_lines_by_outcome ON import_lines (import_id, outcome, line, position);
