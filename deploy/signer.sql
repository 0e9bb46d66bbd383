-- The role of the signer: it reads what two people agreed on, and writes nothing. Beforehand, once, as a superuser:
--   CREATE ROLE degenduel_signer LOGIN PASSWORD '…';
--
--   psql "postgresql://degenduel_owner:…@db/degenduel" --file deploy/signer.sql

GRANT USAGE ON SCHEMA public TO degenduel_signer;
GRANT SELECT ON payouts, payout_batches, payout_attempts, payout_freezes TO degenduel_signer;
