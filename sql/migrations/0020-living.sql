-- 0020 living: what the matcher's index is caught up by, and whose its snapshots are (service/steps/living.h).
-- A snapshot names the entries of the ledger that it was made under. Digests alone: no record can be read from them.
GRANT SELECT (seq, digest) ON ledger TO patbridge_service;
