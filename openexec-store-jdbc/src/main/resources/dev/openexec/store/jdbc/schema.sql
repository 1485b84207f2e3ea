CREATE TABLE oe_meta (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  schema_version INTEGER NOT NULL CHECK (schema_version = 1),
  ledger_id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  expiry_floor INTEGER NOT NULL,
  issue_floor INTEGER NOT NULL,
  signed INTEGER NOT NULL CHECK (signed IN (0, 1)),
  latest_signed_claim INTEGER NOT NULL,
  commit_seq INTEGER NOT NULL,
  -- The tree of the latest log: how many receipts, and the roots of its perfect subtrees, the largest first. It is here because
  -- this row changes with every commit anyway.
  log_size INTEGER NOT NULL,
  log_edge BLOB NOT NULL CHECK (length(log_edge) % 32 = 0)
) STRICT;

CREATE TABLE oe_execution (
  nonce_key BLOB NOT NULL PRIMARY KEY CHECK (length(nonce_key) = 32),
  untenanted_nonce_key BLOB NOT NULL CHECK (length(untenanted_nonce_key) = 32),
  exec_id TEXT NOT NULL UNIQUE,
  authority TEXT NOT NULL,
  approval_key BLOB UNIQUE CHECK (length(approval_key) = 32),
  approval_id TEXT,
  approval_text TEXT,
  approval_issued_at INTEGER,
  approval_expires_at INTEGER,
  request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
  tenant TEXT NOT NULL,
  nonce TEXT NOT NULL,
  action TEXT NOT NULL,
  kind TEXT NOT NULL,
  action_digest BLOB CHECK (length(action_digest) = 32),
  payload TEXT NOT NULL,
  claim_token TEXT NOT NULL,
  salt TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  completed_at INTEGER,
  code TEXT,
  result TEXT,
  resolved_by TEXT,
  evidence TEXT,
  receipt INTEGER,
  boot_id TEXT NOT NULL CHECK (length(boot_id) = 32 AND boot_id NOT GLOB '*[^0-9a-f]*'),
  open_boot TEXT CHECK (open_boot = boot_id),
  CHECK ((state = 'RUNNING') = (open_boot IS NOT NULL)),
  CHECK ((state = 'RUNNING') = (completed_at IS NULL)),
  CHECK (result IS NULL OR state = 'SUCCEEDED'),
  CHECK ((state IN ('FAILED', 'INDETERMINATE')) = (code IS NOT NULL)),
  CHECK ((resolved_by IS NULL) = (evidence IS NULL)),
  CHECK (resolved_by IS NULL OR state IN ('SUCCEEDED', 'FAILED'))
) STRICT;

CREATE INDEX oe_execution_open ON oe_execution (open_boot, exec_id) WHERE open_boot IS NOT NULL;

-- The number of a position: the log in the bits above the 40th, the index below.
CREATE TABLE oe_receipt (
  position INTEGER NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE oe_log (
  log INTEGER NOT NULL PRIMARY KEY,
  verifier_key TEXT NOT NULL,
  checkpoint TEXT NOT NULL,
  cosigned TEXT -- the latest checkpoint that has lines of witnesses
) STRICT;

-- Roots of complete subtrees of 256, 256 * 256, … leaves, of which the tiles consist. Leaf hashes are those of the receipts.
CREATE TABLE oe_subtree (
  log INTEGER NOT NULL,
  level INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  PRIMARY KEY (log, level, idx)
) STRICT, WITHOUT ROWID;

-- A Python reference that is started on this file finds its table, creates no other, and fails before it runs anything.
CREATE VIEW execution_log AS
SELECT 'This is a ledger of OpenExec for Java: the Python reference cannot use it' AS note;
