DROP TRIGGER IF EXISTS policy_version_born
-- next
DROP TRIGGER IF EXISTS policy_version_fixed
-- next
DROP TRIGGER IF EXISTS policy_version_sealed
-- next
DROP TRIGGER IF EXISTS policy_version_legal
-- next
DROP TRIGGER IF EXISTS policy_version_kept
-- next
DROP TRIGGER IF EXISTS policies_historicalpolicy_no_update
-- next
DROP TRIGGER IF EXISTS policies_historicalpolicy_no_delete
-- next
DROP TRIGGER IF EXISTS policies_historicalversion_no_update
-- next
DROP TRIGGER IF EXISTS policies_historicalversion_no_delete
