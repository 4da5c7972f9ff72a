-- What the role that Genbo runs under may do; the owner of the tables is another role, used by
-- `genbo migrate` only. Tables that only grow get SELECT and INSERT and nothing else.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM genbo_app;
GRANT USAGE ON SCHEMA public TO genbo_app;
GRANT SELECT ON schema_checksum, goose_db_version TO genbo_app;

GRANT SELECT, INSERT ON
  register, journal_entry, journal_person, journal_leaf, journal_hash, journal_checkpoint,
  person_fact, person_office, person_number, person_number_state, person_merge, person_absorbed, person_proposal,
  approval, approval_person, approval_vote, approval_outcome,
  intake_reject
TO genbo_app;

GRANT SELECT, INSERT, DELETE ON journal_pending, number_token, search_token TO genbo_app;
GRANT SELECT, UPDATE ON counter TO genbo_app;
GRANT SELECT, INSERT ON person TO genbo_app;
GRANT UPDATE (key, epoch) ON person TO genbo_app;
GRANT SELECT, INSERT, UPDATE ON office, staff, session, signin_link, passkey, intake, alarm TO genbo_app;
GRANT SELECT, INSERT, DELETE ON staff_role, ceremony, idempotency TO genbo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON budget_use, budget_slot, budget_head TO genbo_app;

GRANT SELECT, INSERT ON approval_part, extract, extract_event, extract_mark, reserved_number TO genbo_app;
GRANT SELECT, INSERT, UPDATE ON device, extract_state, extract_code, extract_row TO genbo_app;
GRANT SELECT, INSERT, DELETE ON extract_key, selection TO genbo_app;
GRANT SELECT, INSERT, UPDATE ON disclosure, disclosure_head, disclosure_office TO genbo_app;

GRANT SELECT, INSERT ON finding, finding_set, finding_copy, finding_place, finding_ask, finding_answer, finding_proof, finding_deletion TO genbo_app;
GRANT SELECT, INSERT, UPDATE ON finding_device TO genbo_app;
