DROP TRIGGER IF EXISTS policy_version_born ON policies_version
-- next
DROP TRIGGER IF EXISTS policy_version_fixed ON policies_version
-- next
DROP TRIGGER IF EXISTS policy_version_sealed ON policies_version
-- next
DROP TRIGGER IF EXISTS policy_version_legal ON policies_version
-- next
DROP TRIGGER IF EXISTS policy_version_kept ON policies_version
-- next
DROP TRIGGER IF EXISTS policy_version_kept_whole ON policies_version
-- next
DROP TRIGGER IF EXISTS policies_policy_told ON policies_policy
-- next
DROP TRIGGER IF EXISTS policies_version_told ON policies_version
-- next
DROP TRIGGER IF EXISTS policies_historicalpolicy_kept ON policies_historicalpolicy
-- next
DROP TRIGGER IF EXISTS policies_historicalpolicy_whole ON policies_historicalpolicy
-- next
DROP TRIGGER IF EXISTS policies_historicalversion_kept ON policies_historicalversion
-- next
DROP TRIGGER IF EXISTS policies_historicalversion_whole ON policies_historicalversion
