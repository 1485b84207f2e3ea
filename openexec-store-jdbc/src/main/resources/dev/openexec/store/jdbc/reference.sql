CREATE TABLE execution_log (
  id VARCHAR NOT NULL,
  action VARCHAR NOT NULL,
  payload TEXT,
  result TEXT,
  nonce VARCHAR NOT NULL,
  approved BOOLEAN,
  timestamp DATETIME,
  PRIMARY KEY (id),
  UNIQUE (nonce)
)
