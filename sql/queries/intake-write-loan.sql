-- Writes what is staged for loan; the rows as they stand before are kept by intake-keep-loan.
-- -> one row a row written
INSERT INTO loan SELECT * FROM stage_loan
ON CONFLICT (loan_id) DO UPDATE SET
    contract_number = excluded.contract_number, bank = excluded.bank, borrower_uscc =
    excluded.borrower_uscc, granted_fen = excluded.granted_fen, drawn_date = excluded.drawn_date,
    rights = excluded.rights, collateral = excluded.collateral, real_estate_appraised_fen =
    excluded.real_estate_appraised_fen, real_estate_credit_fen = excluded.real_estate_credit_fen,
    invented = excluded.invented, source = excluded.source, documents = excluded.documents, extra
    = excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq, recorded_at
    = excluded.recorded_at
RETURNING loan_id
