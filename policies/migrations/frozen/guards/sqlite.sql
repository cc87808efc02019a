CREATE TRIGGER policy_version_born BEFORE INSERT ON policies_version WHEN NEW.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a new version must be a draft'); END
-- next
CREATE TRIGGER policy_version_fixed BEFORE UPDATE ON policies_version WHEN NEW.id IS NOT OLD.id OR NEW.policy_id IS NOT OLD.policy_id OR NEW.number IS NOT OLD.number OR NEW.source IS NOT OLD.source OR NEW.canonical IS NOT OLD.canonical OR NEW.digest IS NOT OLD.digest OR NEW.drafted_by_id IS NOT OLD.drafted_by_id OR NEW.drafted_at IS NOT OLD.drafted_at BEGIN SELECT RAISE(ABORT, 'the content of a policy version cannot change; draft a new version'); END
-- next
CREATE TRIGGER policy_version_sealed BEFORE UPDATE ON policies_version WHEN OLD.state <> 'draft' AND (NEW.published_by_id IS NOT OLD.published_by_id OR NEW.published_at IS NOT OLD.published_at OR NEW.is_solo IS NOT OLD.is_solo) BEGIN SELECT RAISE(ABORT, 'the publisher and the publication time of a version cannot change'); END
-- next
CREATE TRIGGER policy_version_legal BEFORE UPDATE ON policies_version WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('draft>published', 'published>retired') BEGIN SELECT RAISE(ABORT, 'a version can only be drafted, then published, then retired'); END
-- next
CREATE TRIGGER policy_version_kept BEFORE DELETE ON policies_version WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a published version cannot be deleted'); END
-- next
CREATE TRIGGER policies_historicalpolicy_no_update BEFORE UPDATE ON policies_historicalpolicy WHEN 1 BEGIN SELECT RAISE(ABORT, 'policies_historicalpolicy is append-only'); END
-- next
CREATE TRIGGER policies_historicalpolicy_no_delete BEFORE DELETE ON policies_historicalpolicy WHEN 1 BEGIN SELECT RAISE(ABORT, 'policies_historicalpolicy is append-only'); END
-- next
CREATE TRIGGER policies_historicalversion_no_update BEFORE UPDATE ON policies_historicalversion WHEN 1 BEGIN SELECT RAISE(ABORT, 'policies_historicalversion is append-only'); END
-- next
CREATE TRIGGER policies_historicalversion_no_delete BEFORE DELETE ON policies_historicalversion WHEN 1 BEGIN SELECT RAISE(ABORT, 'policies_historicalversion is append-only'); END
