-- Writes what is staged for deal; the rows as they stand before are kept by intake-keep-deal.
-- -> one row a row written
INSERT INTO deal SELECT * FROM stage_deal
ON CONFLICT (deal_id) DO UPDATE SET
    contract_number = excluded.contract_number,
    registration_number = excluded.registration_number,
    registration_date = excluded.registration_date, mode = excluded.mode,
    rights = excluded.rights, seller = excluded.seller, buyer = excluded.buyer,
    amount_fen = excluded.amount_fen, payments = excluded.payments,
    contract_date = excluded.contract_date, affiliated = excluded.affiliated,
    led_by_agency = excluded.led_by_agency,
    implemented_division = excluded.implemented_division,
    implemented_date = excluded.implemented_date, upper_grant_fen = excluded.upper_grant_fen,
    invented = excluded.invented, source = excluded.source, documents = excluded.documents,
    extra = excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq,
    recorded_at = excluded.recorded_at
RETURNING deal_id
