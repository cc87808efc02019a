CREATE TRIGGER told_absence_born BEFORE INSERT ON approvals_absence WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_absence_changed BEFORE UPDATE ON approvals_absence WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."starts_at" IS NOT OLD."starts_at" OR NEW."ends_at" IS NOT OLD."ends_at" OR NEW."entered_by_id" IS NOT OLD."entered_by_id" OR NEW."entered_at" IS NOT OLD."entered_at" OR NEW."ended_by_id" IS NOT OLD."ended_by_id" OR NEW."ended_at" IS NOT OLD."ended_at" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_absence_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_absence r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalabsence h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."person_id" IS NOT r."person_id" OR h."starts_at" IS NOT r."starts_at" OR h."ends_at" IS NOT r."ends_at" OR h."entered_by_id" IS NOT r."entered_by_id" OR h."entered_at" IS NOT r."entered_at" OR h."ended_by_id" IS NOT r."ended_by_id" OR h."ended_at" IS NOT r."ended_at"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_breakglass_born BEFORE INSERT ON approvals_breakglass WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_breakglass_changed BEFORE UPDATE ON approvals_breakglass WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."reason" IS NOT OLD."reason" OR NEW."opened_at" IS NOT OLD."opened_at" OR NEW."expires_at" IS NOT OLD."expires_at" OR NEW."closed_at" IS NOT OLD."closed_at" OR NEW."finding" IS NOT OLD."finding" OR NEW."reviewed_by_id" IS NOT OLD."reviewed_by_id" OR NEW."reviewed_at" IS NOT OLD."reviewed_at" OR NEW."note" IS NOT OLD."note" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_breakglass_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_breakglass r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalbreakglass h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."person_id" IS NOT r."person_id" OR h."desk_id" IS NOT r."desk_id" OR h."reason" IS NOT r."reason" OR h."opened_at" IS NOT r."opened_at" OR h."expires_at" IS NOT r."expires_at" OR h."closed_at" IS NOT r."closed_at" OR h."finding" IS NOT r."finding" OR h."reviewed_by_id" IS NOT r."reviewed_by_id" OR h."reviewed_at" IS NOT r."reviewed_at" OR h."note" IS NOT r."note"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_delegation_born BEFORE INSERT ON approvals_delegation WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_delegation_changed BEFORE UPDATE ON approvals_delegation WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."delegate_id" IS NOT OLD."delegate_id" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."starts_at" IS NOT OLD."starts_at" OR NEW."ends_at" IS NOT OLD."ends_at" OR NEW."reason" IS NOT OLD."reason" OR NEW."granted_by_id" IS NOT OLD."granted_by_id" OR NEW."granted_at" IS NOT OLD."granted_at" OR NEW."ended_by_id" IS NOT OLD."ended_by_id" OR NEW."ended_at" IS NOT OLD."ended_at" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_delegation_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_delegation r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicaldelegation h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."person_id" IS NOT r."person_id" OR h."delegate_id" IS NOT r."delegate_id" OR h."desk_id" IS NOT r."desk_id" OR h."starts_at" IS NOT r."starts_at" OR h."ends_at" IS NOT r."ends_at" OR h."reason" IS NOT r."reason" OR h."granted_by_id" IS NOT r."granted_by_id" OR h."granted_at" IS NOT r."granted_at" OR h."ended_by_id" IS NOT r."ended_by_id" OR h."ended_at" IS NOT r."ended_at"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_halt_born BEFORE INSERT ON approvals_halt WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_halt_changed BEFORE UPDATE ON approvals_halt WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."scope" IS NOT OLD."scope" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."action_type_id" IS NOT OLD."action_type_id" OR NEW."agent_id" IS NOT OLD."agent_id" OR NEW."connector" IS NOT OLD."connector" OR NEW."reason" IS NOT OLD."reason" OR NEW."started_by_id" IS NOT OLD."started_by_id" OR NEW."started_at" IS NOT OLD."started_at" OR NEW."lifted_by_id" IS NOT OLD."lifted_by_id" OR NEW."lifted_at" IS NOT OLD."lifted_at" OR NEW."lift_reason" IS NOT OLD."lift_reason" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_halt_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_halt r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalhalt h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."scope" IS NOT r."scope" OR h."desk_id" IS NOT r."desk_id" OR h."action_type_id" IS NOT r."action_type_id" OR h."agent_id" IS NOT r."agent_id" OR h."connector" IS NOT r."connector" OR h."reason" IS NOT r."reason" OR h."started_by_id" IS NOT r."started_by_id" OR h."started_at" IS NOT r."started_at" OR h."lifted_by_id" IS NOT r."lifted_by_id" OR h."lifted_at" IS NOT r."lifted_at" OR h."lift_reason" IS NOT r."lift_reason"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_samplecheck_born BEFORE INSERT ON approvals_samplecheck WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_samplecheck_changed BEFORE UPDATE ON approvals_samplecheck WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."state" IS NOT OLD."state" OR NEW."action_id" IS NOT OLD."action_id" OR NEW."rule_id" IS NOT OLD."rule_id" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."drawn_at" IS NOT OLD."drawn_at" OR NEW."checked_by_id" IS NOT OLD."checked_by_id" OR NEW."checked_at" IS NOT OLD."checked_at" OR NEW."note" IS NOT OLD."note" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_samplecheck_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_samplecheck r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalsamplecheck h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."state" IS NOT r."state" OR h."action_id" IS NOT r."action_id" OR h."rule_id" IS NOT r."rule_id" OR h."desk_id" IS NOT r."desk_id" OR h."drawn_at" IS NOT r."drawn_at" OR h."checked_by_id" IS NOT r."checked_by_id" OR h."checked_at" IS NOT r."checked_at" OR h."note" IS NOT r."note"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_standingrule_born BEFORE INSERT ON approvals_standingrule WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_standingrule_changed BEFORE UPDATE ON approvals_standingrule WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."state" IS NOT OLD."state" OR NEW."verdict" IS NOT OLD."verdict" OR NEW."action_type_id" IS NOT OLD."action_type_id" OR NEW."agent_id" IS NOT OLD."agent_id" OR NEW."client_id" IS NOT OLD."client_id" OR NEW."subject" IS NOT OLD."subject" OR NEW."condition" IS NOT OLD."condition" OR NEW."max_amount" IS NOT OLD."max_amount" OR NEW."currency" IS NOT OLD."currency" OR NEW."count_per_day" IS NOT OLD."count_per_day" OR NEW."sum_per_day" IS NOT OLD."sum_per_day" OR NEW."sample_rate" IS NOT OLD."sample_rate" OR NEW."expires_at" IS NOT OLD."expires_at" OR NEW."reason" IS NOT OLD."reason" OR NEW."decision_id" IS NOT OLD."decision_id" OR NEW."made_by_id" IS NOT OLD."made_by_id" OR NEW."made_at" IS NOT OLD."made_at" OR NEW."confirmed_by_id" IS NOT OLD."confirmed_by_id" OR NEW."confirmed_at" IS NOT OLD."confirmed_at" OR NEW."ended_by_id" IS NOT OLD."ended_by_id" OR NEW."ended_at" IS NOT OLD."ended_at" OR NEW."end_reason" IS NOT OLD."end_reason" OR NEW."agent_version" IS NOT OLD."agent_version" OR NEW."type_version" IS NOT OLD."type_version" OR NEW."target_digest" IS NOT OLD."target_digest" OR NEW."policies" IS NOT OLD."policies" OR NEW."waives" IS NOT OLD."waives" OR NEW."salt" IS NOT OLD."salt" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_standingrule_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_standingrule r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalstandingrule h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."state" IS NOT r."state" OR h."verdict" IS NOT r."verdict" OR h."action_type_id" IS NOT r."action_type_id" OR h."agent_id" IS NOT r."agent_id" OR h."client_id" IS NOT r."client_id" OR h."subject" IS NOT r."subject" OR h."condition" IS NOT r."condition" OR h."max_amount" IS NOT r."max_amount" OR h."currency" IS NOT r."currency" OR h."count_per_day" IS NOT r."count_per_day" OR h."sum_per_day" IS NOT r."sum_per_day" OR h."sample_rate" IS NOT r."sample_rate" OR h."expires_at" IS NOT r."expires_at" OR h."reason" IS NOT r."reason" OR h."decision_id" IS NOT r."decision_id" OR h."made_by_id" IS NOT r."made_by_id" OR h."made_at" IS NOT r."made_at" OR h."confirmed_by_id" IS NOT r."confirmed_by_id" OR h."confirmed_at" IS NOT r."confirmed_at" OR h."ended_by_id" IS NOT r."ended_by_id" OR h."ended_at" IS NOT r."ended_at" OR h."end_reason" IS NOT r."end_reason" OR h."agent_version" IS NOT r."agent_version" OR h."type_version" IS NOT r."type_version" OR h."target_digest" IS NOT r."target_digest" OR h."policies" IS NOT r."policies" OR h."waives" IS NOT r."waives" OR h."salt" IS NOT r."salt"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_tightening_born BEFORE INSERT ON approvals_tightening WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_tightening_changed BEFORE UPDATE ON approvals_tightening WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS NOT OLD."seal" OR NEW."id" IS NOT OLD."id" OR NEW."changes" IS NOT OLD."changes" OR NEW."left_out" IS NOT OLD."left_out" OR NEW."made_by_id" IS NOT OLD."made_by_id" OR NEW."made_through" IS NOT OLD."made_through" OR NEW."made_at" IS NOT OLD."made_at" OR NEW."reviewed_by_id" IS NOT OLD."reviewed_by_id" OR NEW."reviewed_at" IS NOT OLD."reviewed_at" OR NEW."revert_request_id" IS NOT OLD."revert_request_id" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_tightening_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_tightening r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicaltightening h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."changes" IS NOT r."changes" OR h."left_out" IS NOT r."left_out" OR h."made_by_id" IS NOT r."made_by_id" OR h."made_through" IS NOT r."made_through" OR h."made_at" IS NOT r."made_at" OR h."reviewed_by_id" IS NOT r."reviewed_by_id" OR h."reviewed_at" IS NOT r."reviewed_at" OR h."revert_request_id" IS NOT r."revert_request_id"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_webhook_born BEFORE INSERT ON approvals_webhook WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_webhook_changed BEFORE UPDATE ON approvals_webhook WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."name" IS NOT OLD."name" OR NEW."url" IS NOT OLD."url" OR NEW."owner_id" IS NOT OLD."owner_id" OR NEW."events" IS NOT OLD."events" OR NEW."action_type_id" IS NOT OLD."action_type_id" OR NEW."agent_id" IS NOT OLD."agent_id" OR NEW."client_id" IS NOT OLD."client_id" OR NEW."is_active" IS NOT OLD."is_active" OR NEW."nonce" IS NOT OLD."nonce" OR NEW."issued_at" IS NOT OLD."issued_at" OR NEW."former_nonce" IS NOT OLD."former_nonce" OR NEW."former_until" IS NOT OLD."former_until" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_webhook_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_webhook r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalwebhook h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."name" IS NOT r."name" OR h."url" IS NOT r."url" OR h."owner_id" IS NOT r."owner_id" OR h."events" IS NOT r."events" OR h."action_type_id" IS NOT r."action_type_id" OR h."agent_id" IS NOT r."agent_id" OR h."client_id" IS NOT r."client_id" OR h."is_active" IS NOT r."is_active" OR h."nonce" IS NOT r."nonce" OR h."issued_at" IS NOT r."issued_at" OR h."former_nonce" IS NOT r."former_nonce" OR h."former_until" IS NOT r."former_until"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_actiontype_born BEFORE INSERT ON approvals_actiontype WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_actiontype_changed BEFORE UPDATE ON approvals_actiontype WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."name" IS NOT OLD."name" OR NEW."title" IS NOT OLD."title" OR NEW."description" IS NOT OLD."description" OR NEW."version" IS NOT OLD."version" OR NEW."is_active" IS NOT OLD."is_active" OR NEW."schema" IS NOT OLD."schema" OR NEW."schema_text" IS NOT OLD."schema_text" OR NEW."amount_pointer" IS NOT OLD."amount_pointer" OR NEW."currency_pointer" IS NOT OLD."currency_pointer" OR NEW."subject_pointer" IS NOT OLD."subject_pointer" OR NEW."reference_pointer" IS NOT OLD."reference_pointer" OR NEW."automation_requires" IS NOT OLD."automation_requires" OR NEW."summary" IS NOT OLD."summary" OR NEW."lookups" IS NOT OLD."lookups" OR NEW."recheck_lookups" IS NOT OLD."recheck_lookups" OR NEW."reasons" IS NOT OLD."reasons" OR NEW."reject_needs" IS NOT OLD."reject_needs" OR NEW."reviewer_sees" IS NOT OLD."reviewer_sees" OR NEW."attachment_count" IS NOT OLD."attachment_count" OR NEW."attachment_mib" IS NOT OLD."attachment_mib" OR NEW."attachment_types" IS NOT OLD."attachment_types" OR NEW."reversibility" IS NOT OLD."reversibility" OR NEW."reversal_type_id" IS NOT OLD."reversal_type_id" OR NEW."stakes" IS NOT OLD."stakes" OR NEW."has_external_impact" IS NOT OLD."has_external_impact" OR NEW."data_classes" IS NOT OLD."data_classes" OR NEW."domain" IS NOT OLD."domain" OR NEW."mode" IS NOT OLD."mode" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."client_id" IS NOT OLD."client_id" OR NEW."responsible_id" IS NOT OLD."responsible_id" OR NEW."owner_id" IS NOT OLD."owner_id" OR NEW."overriders_id" IS NOT OLD."overriders_id" OR NEW."low_confidence" IS NOT OLD."low_confidence" OR NEW."confidence_person_id" IS NOT OLD."confidence_person_id" OR NEW."confidence_group_id" IS NOT OLD."confidence_group_id" OR NEW."edge_case_owner_id" IS NOT OLD."edge_case_owner_id" OR NEW."edge_case_tier" IS NOT OLD."edge_case_tier" OR NEW."policy" IS NOT OLD."policy" OR NEW."standing_rule_approvers" IS NOT OLD."standing_rule_approvers" OR NEW."standing_decisions" IS NOT OLD."standing_decisions" OR NEW."sample_rate" IS NOT OLD."sample_rate" OR NEW."execution" IS NOT OLD."execution" OR NEW."connector" IS NOT OLD."connector" OR NEW."target" IS NOT OLD."target" OR NEW."ends" IS NOT OLD."ends" OR NEW."longest_seconds" IS NOT OLD."longest_seconds" OR NEW."undo_seconds" IS NOT OLD."undo_seconds" OR NEW."valid_seconds" IS NOT OLD."valid_seconds" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_actiontype_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_actiontype r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalactiontype h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."name" IS NOT r."name" OR h."title" IS NOT r."title" OR h."description" IS NOT r."description" OR h."version" IS NOT r."version" OR h."is_active" IS NOT r."is_active" OR h."schema" IS NOT r."schema" OR h."schema_text" IS NOT r."schema_text" OR h."amount_pointer" IS NOT r."amount_pointer" OR h."currency_pointer" IS NOT r."currency_pointer" OR h."subject_pointer" IS NOT r."subject_pointer" OR h."reference_pointer" IS NOT r."reference_pointer" OR h."automation_requires" IS NOT r."automation_requires" OR h."summary" IS NOT r."summary" OR h."lookups" IS NOT r."lookups" OR h."recheck_lookups" IS NOT r."recheck_lookups" OR h."reasons" IS NOT r."reasons" OR h."reject_needs" IS NOT r."reject_needs" OR h."reviewer_sees" IS NOT r."reviewer_sees" OR h."attachment_count" IS NOT r."attachment_count" OR h."attachment_mib" IS NOT r."attachment_mib" OR h."attachment_types" IS NOT r."attachment_types" OR h."reversibility" IS NOT r."reversibility" OR h."reversal_type_id" IS NOT r."reversal_type_id" OR h."stakes" IS NOT r."stakes" OR h."has_external_impact" IS NOT r."has_external_impact" OR h."data_classes" IS NOT r."data_classes" OR h."domain" IS NOT r."domain" OR h."mode" IS NOT r."mode" OR h."desk_id" IS NOT r."desk_id" OR h."client_id" IS NOT r."client_id" OR h."responsible_id" IS NOT r."responsible_id" OR h."owner_id" IS NOT r."owner_id" OR h."overriders_id" IS NOT r."overriders_id" OR h."low_confidence" IS NOT r."low_confidence" OR h."confidence_person_id" IS NOT r."confidence_person_id" OR h."confidence_group_id" IS NOT r."confidence_group_id" OR h."edge_case_owner_id" IS NOT r."edge_case_owner_id" OR h."edge_case_tier" IS NOT r."edge_case_tier" OR h."policy" IS NOT r."policy" OR h."standing_rule_approvers" IS NOT r."standing_rule_approvers" OR h."standing_decisions" IS NOT r."standing_decisions" OR h."sample_rate" IS NOT r."sample_rate" OR h."execution" IS NOT r."execution" OR h."connector" IS NOT r."connector" OR h."target" IS NOT r."target" OR h."ends" IS NOT r."ends" OR h."longest_seconds" IS NOT r."longest_seconds" OR h."undo_seconds" IS NOT r."undo_seconds" OR h."valid_seconds" IS NOT r."valid_seconds"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_actiontype_removed BEFORE DELETE ON approvals_actiontype WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalactiontype h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."name" IS NOT OLD."name" OR h."title" IS NOT OLD."title" OR h."description" IS NOT OLD."description" OR h."version" IS NOT OLD."version" OR h."is_active" IS NOT OLD."is_active" OR h."schema" IS NOT OLD."schema" OR h."schema_text" IS NOT OLD."schema_text" OR h."amount_pointer" IS NOT OLD."amount_pointer" OR h."currency_pointer" IS NOT OLD."currency_pointer" OR h."subject_pointer" IS NOT OLD."subject_pointer" OR h."reference_pointer" IS NOT OLD."reference_pointer" OR h."automation_requires" IS NOT OLD."automation_requires" OR h."summary" IS NOT OLD."summary" OR h."lookups" IS NOT OLD."lookups" OR h."recheck_lookups" IS NOT OLD."recheck_lookups" OR h."reasons" IS NOT OLD."reasons" OR h."reject_needs" IS NOT OLD."reject_needs" OR h."reviewer_sees" IS NOT OLD."reviewer_sees" OR h."attachment_count" IS NOT OLD."attachment_count" OR h."attachment_mib" IS NOT OLD."attachment_mib" OR h."attachment_types" IS NOT OLD."attachment_types" OR h."reversibility" IS NOT OLD."reversibility" OR h."reversal_type_id" IS NOT OLD."reversal_type_id" OR h."stakes" IS NOT OLD."stakes" OR h."has_external_impact" IS NOT OLD."has_external_impact" OR h."data_classes" IS NOT OLD."data_classes" OR h."domain" IS NOT OLD."domain" OR h."mode" IS NOT OLD."mode" OR h."desk_id" IS NOT OLD."desk_id" OR h."client_id" IS NOT OLD."client_id" OR h."responsible_id" IS NOT OLD."responsible_id" OR h."owner_id" IS NOT OLD."owner_id" OR h."overriders_id" IS NOT OLD."overriders_id" OR h."low_confidence" IS NOT OLD."low_confidence" OR h."confidence_person_id" IS NOT OLD."confidence_person_id" OR h."confidence_group_id" IS NOT OLD."confidence_group_id" OR h."edge_case_owner_id" IS NOT OLD."edge_case_owner_id" OR h."edge_case_tier" IS NOT OLD."edge_case_tier" OR h."policy" IS NOT OLD."policy" OR h."standing_rule_approvers" IS NOT OLD."standing_rule_approvers" OR h."standing_decisions" IS NOT OLD."standing_decisions" OR h."sample_rate" IS NOT OLD."sample_rate" OR h."execution" IS NOT OLD."execution" OR h."connector" IS NOT OLD."connector" OR h."target" IS NOT OLD."target" OR h."ends" IS NOT OLD."ends" OR h."longest_seconds" IS NOT OLD."longest_seconds" OR h."undo_seconds" IS NOT OLD."undo_seconds" OR h."valid_seconds" IS NOT OLD."valid_seconds")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_agent_born BEFORE INSERT ON approvals_agent WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_agent_changed BEFORE UPDATE ON approvals_agent WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."name" IS NOT OLD."name" OR NEW."title" IS NOT OLD."title" OR NEW."owner_id" IS NOT OLD."owner_id" OR NEW."client_id" IS NOT OLD."client_id" OR NEW."version" IS NOT OLD."version" OR NEW."is_active" IS NOT OLD."is_active" OR NEW."mode" IS NOT OLD."mode" OR NEW."person_id" IS NOT OLD."person_id" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_agent_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_agent r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalagent h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."name" IS NOT r."name" OR h."title" IS NOT r."title" OR h."owner_id" IS NOT r."owner_id" OR h."client_id" IS NOT r."client_id" OR h."version" IS NOT r."version" OR h."is_active" IS NOT r."is_active" OR h."mode" IS NOT r."mode" OR h."person_id" IS NOT r."person_id"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_agent_removed BEFORE DELETE ON approvals_agent WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalagent h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."name" IS NOT OLD."name" OR h."title" IS NOT OLD."title" OR h."owner_id" IS NOT OLD."owner_id" OR h."client_id" IS NOT OLD."client_id" OR h."version" IS NOT OLD."version" OR h."is_active" IS NOT OLD."is_active" OR h."mode" IS NOT OLD."mode" OR h."person_id" IS NOT OLD."person_id")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_apikey_born BEFORE INSERT ON approvals_apikey WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_apikey_changed BEFORE UPDATE ON approvals_apikey WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."identifier" IS NOT OLD."identifier" OR NEW."agent_id" IS NOT OLD."agent_id" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."holder_id" IS NOT OLD."holder_id" OR NEW."label" IS NOT OLD."label" OR NEW."secret_hash" IS NOT OLD."secret_hash" OR NEW."scopes" IS NOT OLD."scopes" OR NEW."created_at" IS NOT OLD."created_at" OR NEW."expires_at" IS NOT OLD."expires_at" OR NEW."revoked_at" IS NOT OLD."revoked_at" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_apikey_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_apikey r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalapikey h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."identifier" IS NOT r."identifier" OR h."agent_id" IS NOT r."agent_id" OR h."person_id" IS NOT r."person_id" OR h."holder_id" IS NOT r."holder_id" OR h."label" IS NOT r."label" OR h."scopes" IS NOT r."scopes" OR h."created_at" IS NOT r."created_at" OR h."expires_at" IS NOT r."expires_at" OR h."revoked_at" IS NOT r."revoked_at"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_apikey_removed BEFORE DELETE ON approvals_apikey WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalapikey h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."identifier" IS NOT OLD."identifier" OR h."agent_id" IS NOT OLD."agent_id" OR h."person_id" IS NOT OLD."person_id" OR h."holder_id" IS NOT OLD."holder_id" OR h."label" IS NOT OLD."label" OR h."scopes" IS NOT OLD."scopes" OR h."created_at" IS NOT OLD."created_at" OR h."expires_at" IS NOT OLD."expires_at" OR h."revoked_at" IS NOT OLD."revoked_at")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_calendar_born BEFORE INSERT ON approvals_calendar WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_calendar_changed BEFORE UPDATE ON approvals_calendar WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."time_zone" IS NOT OLD."time_zone" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_calendar_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_calendar r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalcalendar h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."desk_id" IS NOT r."desk_id" OR h."time_zone" IS NOT r."time_zone"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_calendar_removed BEFORE DELETE ON approvals_calendar WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalcalendar h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."desk_id" IS NOT OLD."desk_id" OR h."time_zone" IS NOT OLD."time_zone")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_client_born BEFORE INSERT ON approvals_client WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_client_changed BEFORE UPDATE ON approvals_client WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."key" IS NOT OLD."key" OR NEW."name" IS NOT OLD."name" OR NEW."responsible_id" IS NOT OLD."responsible_id" OR NEW."currency" IS NOT OLD."currency" OR NEW."calendar_id" IS NOT OLD."calendar_id" OR NEW."is_active" IS NOT OLD."is_active" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_client_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_client r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalclient h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."key" IS NOT r."key" OR h."name" IS NOT r."name" OR h."responsible_id" IS NOT r."responsible_id" OR h."currency" IS NOT r."currency" OR h."calendar_id" IS NOT r."calendar_id" OR h."is_active" IS NOT r."is_active"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_client_removed BEFORE DELETE ON approvals_client WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalclient h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."key" IS NOT OLD."key" OR h."name" IS NOT OLD."name" OR h."responsible_id" IS NOT OLD."responsible_id" OR h."currency" IS NOT OLD."currency" OR h."calendar_id" IS NOT OLD."calendar_id" OR h."is_active" IS NOT OLD."is_active")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_desk_born BEFORE INSERT ON approvals_desk WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_desk_changed BEFORE UPDATE ON approvals_desk WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."slug" IS NOT OLD."slug" OR NEW."name" IS NOT OLD."name" OR NEW."is_solo" IS NOT OLD."is_solo" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_desk_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_desk r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicaldesk h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."slug" IS NOT r."slug" OR h."name" IS NOT r."name" OR h."is_solo" IS NOT r."is_solo"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_desk_removed BEFORE DELETE ON approvals_desk WHEN NOT EXISTS (SELECT 1 FROM approvals_historicaldesk h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."slug" IS NOT OLD."slug" OR h."name" IS NOT OLD."name" OR h."is_solo" IS NOT OLD."is_solo")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_duty_born BEFORE INSERT ON approvals_duty WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_duty_changed BEFORE UPDATE ON approvals_duty WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."starts_at" IS NOT OLD."starts_at" OR NEW."ends_at" IS NOT OLD."ends_at" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_duty_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_duty r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalduty h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."desk_id" IS NOT r."desk_id" OR h."person_id" IS NOT r."person_id" OR h."starts_at" IS NOT r."starts_at" OR h."ends_at" IS NOT r."ends_at"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_duty_removed BEFORE DELETE ON approvals_duty WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalduty h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."desk_id" IS NOT OLD."desk_id" OR h."person_id" IS NOT OLD."person_id" OR h."starts_at" IS NOT OLD."starts_at" OR h."ends_at" IS NOT OLD."ends_at")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_employee_born BEFORE INSERT ON approvals_employee WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_employee_changed BEFORE UPDATE ON approvals_employee WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."key" IS NOT OLD."key" OR NEW."name" IS NOT OLD."name" OR NEW."manager_id" IS NOT OLD."manager_id" OR NEW."department" IS NOT OLD."department" OR NEW."title" IS NOT OLD."title" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."attributes" IS NOT OLD."attributes" OR NEW."is_active" IS NOT OLD."is_active" OR NEW."normalized_key" IS NOT OLD."normalized_key" OR NEW."normalized_name" IS NOT OLD."normalized_name" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_employee_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_employee r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalemployee h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."key" IS NOT r."key" OR h."name" IS NOT r."name" OR h."manager_id" IS NOT r."manager_id" OR h."department" IS NOT r."department" OR h."title" IS NOT r."title" OR h."person_id" IS NOT r."person_id" OR h."attributes" IS NOT r."attributes" OR h."is_active" IS NOT r."is_active" OR h."normalized_key" IS NOT r."normalized_key" OR h."normalized_name" IS NOT r."normalized_name"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_employee_removed BEFORE DELETE ON approvals_employee WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalemployee h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."key" IS NOT OLD."key" OR h."name" IS NOT OLD."name" OR h."manager_id" IS NOT OLD."manager_id" OR h."department" IS NOT OLD."department" OR h."title" IS NOT OLD."title" OR h."person_id" IS NOT OLD."person_id" OR h."attributes" IS NOT OLD."attributes" OR h."is_active" IS NOT OLD."is_active" OR h."normalized_key" IS NOT OLD."normalized_key" OR h."normalized_name" IS NOT OLD."normalized_name")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_exchangerate_born BEFORE INSERT ON approvals_exchangerate WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_exchangerate_changed BEFORE UPDATE ON approvals_exchangerate WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."currency" IS NOT OLD."currency" OR NEW."valid_from" IS NOT OLD."valid_from" OR NEW."rate" IS NOT OLD."rate" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_exchangerate_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_exchangerate r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalexchangerate h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."currency" IS NOT r."currency" OR h."valid_from" IS NOT r."valid_from" OR h."rate" IS NOT r."rate"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_exchangerate_removed BEFORE DELETE ON approvals_exchangerate WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalexchangerate h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."currency" IS NOT OLD."currency" OR h."valid_from" IS NOT OLD."valid_from" OR h."rate" IS NOT OLD."rate")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_flowlimit_born BEFORE INSERT ON approvals_flowlimit WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_flowlimit_changed BEFORE UPDATE ON approvals_flowlimit WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."connector" IS NOT OLD."connector" OR NEW."host" IS NOT OLD."host" OR NEW."starts_per_minute" IS NOT OLD."starts_per_minute" OR NEW."calls_at_once" IS NOT OLD."calls_at_once" OR NEW."breaker_failures" IS NOT OLD."breaker_failures" OR NEW."breaker_pause" IS NOT OLD."breaker_pause" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_flowlimit_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_flowlimit r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalflowlimit h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."connector" IS NOT r."connector" OR h."host" IS NOT r."host" OR h."starts_per_minute" IS NOT r."starts_per_minute" OR h."calls_at_once" IS NOT r."calls_at_once" OR h."breaker_failures" IS NOT r."breaker_failures" OR h."breaker_pause" IS NOT r."breaker_pause"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_flowlimit_removed BEFORE DELETE ON approvals_flowlimit WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalflowlimit h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."connector" IS NOT OLD."connector" OR h."host" IS NOT OLD."host" OR h."starts_per_minute" IS NOT OLD."starts_per_minute" OR h."calls_at_once" IS NOT OLD."calls_at_once" OR h."breaker_failures" IS NOT OLD."breaker_failures" OR h."breaker_pause" IS NOT OLD."breaker_pause")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_holiday_born BEFORE INSERT ON approvals_holiday WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_holiday_changed BEFORE UPDATE ON approvals_holiday WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."calendar_id" IS NOT OLD."calendar_id" OR NEW."on" IS NOT OLD."on" OR NEW."name" IS NOT OLD."name" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_holiday_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_holiday r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalholiday h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."calendar_id" IS NOT r."calendar_id" OR h."on" IS NOT r."on" OR h."name" IS NOT r."name"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_holiday_removed BEFORE DELETE ON approvals_holiday WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalholiday h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."calendar_id" IS NOT OLD."calendar_id" OR h."on" IS NOT OLD."on" OR h."name" IS NOT OLD."name")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_hours_born BEFORE INSERT ON approvals_hours WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_hours_changed BEFORE UPDATE ON approvals_hours WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."calendar_id" IS NOT OLD."calendar_id" OR NEW."weekday" IS NOT OLD."weekday" OR NEW."begins" IS NOT OLD."begins" OR NEW."ends" IS NOT OLD."ends" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_hours_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_hours r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalhours h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."calendar_id" IS NOT r."calendar_id" OR h."weekday" IS NOT r."weekday" OR h."begins" IS NOT r."begins" OR h."ends" IS NOT r."ends"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_hours_removed BEFORE DELETE ON approvals_hours WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalhours h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."calendar_id" IS NOT OLD."calendar_id" OR h."weekday" IS NOT OLD."weekday" OR h."begins" IS NOT OLD."begins" OR h."ends" IS NOT OLD."ends")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_membership_born BEFORE INSERT ON approvals_membership WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_membership_changed BEFORE UPDATE ON approvals_membership WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."person_id" IS NOT OLD."person_id" OR NEW."desk_id" IS NOT OLD."desk_id" OR NEW."client_id" IS NOT OLD."client_id" OR NEW."covers_clients" IS NOT OLD."covers_clients" OR NEW."tier" IS NOT OLD."tier" OR NEW."max_stakes" IS NOT OLD."max_stakes" OR NEW."ceilings" IS NOT OLD."ceilings" OR NEW."daily_ceilings" IS NOT OLD."daily_ceilings" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_membership_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_membership r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalmembership h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."person_id" IS NOT r."person_id" OR h."desk_id" IS NOT r."desk_id" OR h."client_id" IS NOT r."client_id" OR h."covers_clients" IS NOT r."covers_clients" OR h."tier" IS NOT r."tier" OR h."max_stakes" IS NOT r."max_stakes" OR h."ceilings" IS NOT r."ceilings" OR h."daily_ceilings" IS NOT r."daily_ceilings"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_membership_removed BEFORE DELETE ON approvals_membership WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalmembership h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."person_id" IS NOT OLD."person_id" OR h."desk_id" IS NOT OLD."desk_id" OR h."client_id" IS NOT OLD."client_id" OR h."covers_clients" IS NOT OLD."covers_clients" OR h."tier" IS NOT OLD."tier" OR h."max_stakes" IS NOT OLD."max_stakes" OR h."ceilings" IS NOT OLD."ceilings" OR h."daily_ceilings" IS NOT OLD."daily_ceilings")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_person_born BEFORE INSERT ON approvals_person WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_person_changed BEFORE UPDATE ON approvals_person WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."password" IS NOT OLD."password" OR NEW."username" IS NOT OLD."username" OR NEW."first_name" IS NOT OLD."first_name" OR NEW."last_name" IS NOT OLD."last_name" OR NEW."email" IS NOT OLD."email" OR NEW."is_staff" IS NOT OLD."is_staff" OR NEW."is_active" IS NOT OLD."is_active" OR NEW."date_joined" IS NOT OLD."date_joined" OR NEW."seal" IS NOT OLD."seal" OR NEW."is_superuser" IS NOT OLD."is_superuser" OR NEW."time_zone" IS NOT OLD."time_zone" OR NEW."language" IS NOT OLD."language" OR NEW."toured_at" IS NOT OLD."toured_at" OR NEW."is_demo" IS NOT OLD."is_demo" OR NEW."notification_mode" IS NOT OLD."notification_mode" OR NEW."digest_minutes" IS NOT OLD."digest_minutes" OR NEW."digest_times" IS NOT OLD."digest_times" OR NEW."quiet_from" IS NOT OLD."quiet_from" OR NEW."quiet_until" IS NOT OLD."quiet_until" OR NEW."quiet_weekends" IS NOT OLD."quiet_weekends" OR NEW."hold_urgent" IS NOT OLD."hold_urgent" OR NEW."password_set_by_id" IS NOT OLD."password_set_by_id" OR NEW."email_set_by_id" IS NOT OLD."email_set_by_id" OR NEW."normalized_username" IS NOT OLD."normalized_username" OR NEW."normalized_email" IS NOT OLD."normalized_email" OR NEW."normalized_name" IS NOT OLD."normalized_name" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_person_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_person r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalperson h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."username" IS NOT r."username" OR h."first_name" IS NOT r."first_name" OR h."last_name" IS NOT r."last_name" OR h."email" IS NOT r."email" OR h."is_staff" IS NOT r."is_staff" OR h."is_active" IS NOT r."is_active" OR h."date_joined" IS NOT r."date_joined" OR h."is_superuser" IS NOT r."is_superuser" OR h."time_zone" IS NOT r."time_zone" OR h."language" IS NOT r."language" OR h."toured_at" IS NOT r."toured_at" OR h."is_demo" IS NOT r."is_demo" OR h."notification_mode" IS NOT r."notification_mode" OR h."digest_minutes" IS NOT r."digest_minutes" OR h."digest_times" IS NOT r."digest_times" OR h."quiet_from" IS NOT r."quiet_from" OR h."quiet_until" IS NOT r."quiet_until" OR h."quiet_weekends" IS NOT r."quiet_weekends" OR h."hold_urgent" IS NOT r."hold_urgent" OR h."password_set_by_id" IS NOT r."password_set_by_id" OR h."email_set_by_id" IS NOT r."email_set_by_id"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_person_removed BEFORE DELETE ON approvals_person WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalperson h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."username" IS NOT OLD."username" OR h."first_name" IS NOT OLD."first_name" OR h."last_name" IS NOT OLD."last_name" OR h."email" IS NOT OLD."email" OR h."is_staff" IS NOT OLD."is_staff" OR h."is_active" IS NOT OLD."is_active" OR h."date_joined" IS NOT OLD."date_joined" OR h."is_superuser" IS NOT OLD."is_superuser" OR h."time_zone" IS NOT OLD."time_zone" OR h."language" IS NOT OLD."language" OR h."toured_at" IS NOT OLD."toured_at" OR h."is_demo" IS NOT OLD."is_demo" OR h."notification_mode" IS NOT OLD."notification_mode" OR h."digest_minutes" IS NOT OLD."digest_minutes" OR h."digest_times" IS NOT OLD."digest_times" OR h."quiet_from" IS NOT OLD."quiet_from" OR h."quiet_until" IS NOT OLD."quiet_until" OR h."quiet_weekends" IS NOT OLD."quiet_weekends" OR h."hold_urgent" IS NOT OLD."hold_urgent" OR h."password_set_by_id" IS NOT OLD."password_set_by_id" OR h."email_set_by_id" IS NOT OLD."email_set_by_id")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER told_subjectowner_born BEFORE INSERT ON approvals_subjectowner WHEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_subjectowner_changed BEFORE UPDATE ON approvals_subjectowner WHEN NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS NOT OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS NOT OLD."id" OR NEW."seal" IS NOT OLD."seal" OR NEW."subject" IS NOT OLD."subject" OR NEW."owner_id" IS NOT OLD."owner_id" OR NEW."from_on" IS NOT OLD."from_on" OR NEW."until_on" IS NOT OLD."until_on" OR NEW."spelled" IS NOT OLD."spelled" END) BEGIN SELECT RAISE(ABORT, 'a change of this row needs a new ledger entry'); END
-- next
CREATE TRIGGER told_subjectowner_whole AFTER INSERT ON approvals_ledgerentry WHEN NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM approvals_subjectowner r WHERE r.entry_id = NEW.id AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalsubjectowner h ON h.history_id = e.history_id WHERE e.id = r.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS NOT r."id" OR h."subject" IS NOT r."subject" OR h."owner_id" IS NOT r."owner_id" OR h."from_on" IS NOT r."from_on" OR h."until_on" IS NOT r."until_on" OR h."spelled" IS NOT r."spelled"))) BEGIN SELECT RAISE(ABORT, 'the ledger entry of this row must name a history row that holds it'); END
-- next
CREATE TRIGGER told_subjectowner_removed BEFORE DELETE ON approvals_subjectowner WHEN NOT EXISTS (SELECT 1 FROM approvals_historicalsubjectowner h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS NOT OLD."id" OR h."subject" IS NOT OLD."subject" OR h."owner_id" IS NOT OLD."owner_id" OR h."from_on" IS NOT OLD."from_on" OR h."until_on" IS NOT OLD."until_on" OR h."spelled" IS NOT OLD."spelled")) BEGIN SELECT RAISE(ABORT, 'the removal of this row needs a ledger entry'); END
-- next
CREATE TRIGGER entry_blank AFTER INSERT ON approvals_ledgerentry WHEN NEW.state_to <> '' AND NOT EXISTS (
    SELECT 1 FROM approvals_historicalaction h
    WHERE h.history_id = NEW.history_id AND h.id = NEW.action_id AND h.entry_id = NEW.id AND h.state = NEW.state_to
) BEGIN SELECT RAISE(ABORT, 'a state change needs a history row that holds it'); END
-- next
CREATE TRIGGER entry_otherwise AFTER INSERT ON approvals_ledgerentry WHEN NEW.history_id IS NULL AND NEW.history_digest <> '' OR NOT json_valid(NEW.data) OR json_type(NEW.data) <> 'object' BEGIN SELECT RAISE(ABORT, 'the columns and the data of a ledger entry must match its digest'); END
-- next
CREATE TRIGGER entry_guard AFTER INSERT ON approvals_ledgerentry WHEN NEW.state_to <> '' AND (NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', 'approved>executing', 'approved>expired', 'approved>failed', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>failed', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'rejected>pending', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') OR NOT EXISTS (SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to)) OR NEW.state_to = '' AND (NEW.state_from <> '' OR EXISTS (SELECT 1 FROM approvals_action WHERE entry_id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'a ledger entry must contain the current state of its action'); END
-- next
CREATE TRIGGER entry_waits AFTER INSERT ON approvals_ledgerentry BEGIN INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (NEW.id); END
-- next
CREATE TRIGGER approvals_ledgerentry_no_update BEFORE UPDATE ON approvals_ledgerentry WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerentry is append-only'); END
-- next
CREATE TRIGGER approvals_ledgerentry_no_delete BEFORE DELETE ON approvals_ledgerentry WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerentry is append-only'); END
-- next
CREATE TRIGGER approvals_ledgerposition_no_update BEFORE UPDATE ON approvals_ledgerposition WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerposition is append-only'); END
-- next
CREATE TRIGGER approvals_ledgerposition_no_delete BEFORE DELETE ON approvals_ledgerposition WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerposition is append-only'); END
-- next
CREATE TRIGGER position_next BEFORE INSERT ON approvals_ledgerposition WHEN NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM approvals_ledgerposition), 0) BEGIN SELECT RAISE(ABORT, 'only the next position can be given to a ledger entry'); END
-- next
CREATE TRIGGER pending_new BEFORE INSERT ON approvals_ledgeroutbox WHEN EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a waiting ledger entry cannot change, and a numbered one does not wait'); END
-- next
CREATE TRIGGER pending_moved BEFORE UPDATE ON approvals_ledgeroutbox WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'a waiting ledger entry cannot change, and a numbered one does not wait'); END
-- next
CREATE TRIGGER pending_numbered BEFORE DELETE ON approvals_ledgeroutbox WHEN NOT EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = OLD.entry_id) BEGIN SELECT RAISE(ABORT, 'a ledger entry must wait in the outbox until it has a position'); END
-- next
CREATE TRIGGER action_born BEFORE INSERT ON approvals_action WHEN NEW.state <> 'proposed' OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a new action must be in the proposed state and have its own ledger entry'); END
-- next
CREATE TRIGGER action_orphan BEFORE INSERT ON approvals_action WHEN (NEW.parent_id IS NOT NULL) AND (
    NOT EXISTS (
        SELECT 1 FROM approvals_action p
        WHERE p.id = NEW.parent_id AND p.agent_id = NEW.agent_id AND p.depth = NEW.depth - 1
    )
) BEGIN SELECT RAISE(ABORT, 'a parent must be an earlier action of the same agent'); END
-- next
CREATE TRIGGER action_still BEFORE UPDATE ON approvals_action WHEN NEW.state = OLD.state AND (NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id) BEGIN SELECT RAISE(ABORT, 'the ledger entry of an action can change only together with its state'); END
-- next
CREATE TRIGGER action_bare BEFORE UPDATE ON approvals_action WHEN NEW.state <> OLD.state AND (NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id)) BEGIN SELECT RAISE(ABORT, 'a state change needs a new ledger entry'); END
-- next
CREATE TRIGGER action_untold BEFORE UPDATE ON approvals_action WHEN NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = OLD.entry_id) BEGIN SELECT RAISE(ABORT, 'the previous state change has no ledger entry'); END
-- next
CREATE TRIGGER action_illegal BEFORE UPDATE ON approvals_action WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('approved>executing', 'approved>expired', 'approved>failed', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>failed', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'rejected>pending', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') BEGIN SELECT RAISE(ABORT, 'this state change is not allowed'); END
-- next
CREATE TRIGGER approvals_action_fixed BEFORE UPDATE ON approvals_action WHEN NEW.action_type_id IS NOT OLD.action_type_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.owner_id IS NOT OLD.owner_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.client_id IS NOT OLD.client_id OR NEW.idempotency_key IS NOT OLD.idempotency_key OR NEW.request_digest IS NOT OLD.request_digest OR NEW.confidence IS NOT OLD.confidence OR NEW.on_behalf_of IS NOT OLD.on_behalf_of OR NEW.thread IS NOT OLD.thread OR NEW.created_at IS NOT OLD.created_at OR NEW.expires_at IS NOT OLD.expires_at OR NEW.overrides_id IS NOT OLD.overrides_id OR NEW.overridden_by_id IS NOT OLD.overridden_by_id OR NEW.reverses_id IS NOT OLD.reverses_id OR NEW.requesters IS NOT OLD.requesters OR NEW.parent_id IS NOT OLD.parent_id OR NEW.depth IS NOT OLD.depth BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER action_round BEFORE UPDATE ON approvals_action WHEN 
    NEW.round <> OLD.round AND NOT
    (NEW.round = OLD.round + 1 AND NEW.state = 'pending' AND OLD.state IN ('approved', 'modified', 'rejected'))
 BEGIN SELECT RAISE(ABORT, 'a new round can start only when an approved or rejected action returns to review'); END
-- next
CREATE TRIGGER action_rejection BEFORE UPDATE ON approvals_action WHEN (OLD.state = 'rejected' AND NEW.state = 'pending') AND (
    NOT EXISTS (
        SELECT 1 FROM approvals_decision d
        WHERE d.action_id = OLD.id AND d.round = OLD.round AND d.is_final AND d.verdict = 'reject'
        AND d.person_id IS NOT NULL AND d.final_at IS NOT NULL
    )
) BEGIN SELECT RAISE(ABORT, 'only a rejection by a person can be undone'); END
-- next
CREATE TRIGGER action_revision BEFORE UPDATE ON approvals_action WHEN (NEW.revision_id <> OLD.revision_id) AND (
    NOT EXISTS (
        SELECT 1 FROM approvals_revision r
        WHERE r.id = NEW.revision_id AND r.action_id = NEW.id
        AND r.number > (SELECT o.number FROM approvals_revision o WHERE o.id = OLD.revision_id)
    )
) BEGIN SELECT RAISE(ABORT, 'the current revision of an action can change only to a later one of its own'); END
-- next
CREATE TRIGGER approvals_action_no_delete BEFORE DELETE ON approvals_action WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_action is append-only'); END
-- next
CREATE TRIGGER approvals_revision_no_update BEFORE UPDATE ON approvals_revision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_revision is append-only'); END
-- next
CREATE TRIGGER approvals_revision_no_delete BEFORE DELETE ON approvals_revision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_revision is append-only'); END
-- next
CREATE TRIGGER approvals_text_no_update BEFORE UPDATE ON approvals_text WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_text is append-only'); END
-- next
CREATE TRIGGER approvals_text_no_delete BEFORE DELETE ON approvals_text WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_text is append-only'); END
-- next
CREATE TRIGGER approvals_lookupresult_no_update BEFORE UPDATE ON approvals_lookupresult WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_lookupresult is append-only'); END
-- next
CREATE TRIGGER approvals_lookupresult_no_delete BEFORE DELETE ON approvals_lookupresult WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_lookupresult is append-only'); END
-- next
CREATE TRIGGER approvals_policyevaluation_no_update BEFORE UPDATE ON approvals_policyevaluation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_policyevaluation is append-only'); END
-- next
CREATE TRIGGER approvals_policyevaluation_no_delete BEFORE DELETE ON approvals_policyevaluation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_policyevaluation is append-only'); END
-- next
CREATE TRIGGER approvals_stage_fixed BEFORE UPDATE ON approvals_stage WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.round IS NOT OLD.round OR NEW.number IS NOT OLD.number OR NEW.desk_id IS NOT OLD.desk_id OR NEW.kind IS NOT OLD.kind OR NEW.step IS NOT OLD.step OR NEW.group_id IS NOT OLD.group_id OR NEW.is_other_desk IS NOT OLD.is_other_desk BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER stage_bar BEFORE UPDATE ON approvals_stage WHEN OLD.state NOT IN ('open', 'waiting') OR NEW.tier < OLD.tier OR NEW.quorum < OLD.quorum BEGIN SELECT RAISE(ABORT, 'the requirements of a stage cannot be lowered, and a closed stage cannot change'); END
-- next
CREATE TRIGGER stage_order BEFORE UPDATE ON approvals_stage WHEN 
    (OLD.state = 'waiting' AND NEW.state NOT IN ('waiting', 'open', 'superseded'))
    OR (OLD.state = 'open' AND NEW.state = 'waiting')
 BEGIN SELECT RAISE(ABORT, 'a waiting stage must open before it ends, and an open stage cannot go back to waiting'); END
-- next
CREATE TRIGGER stage_frozen BEFORE UPDATE ON approvals_stage WHEN OLD.state <> 'waiting' AND (NEW.person_id IS NOT OLD.person_id OR NEW.opened_at IS NOT OLD.opened_at) BEGIN SELECT RAISE(ABORT, 'the assignee and the opening time of a stage cannot change after it opens'); END
-- next
CREATE TRIGGER approvals_stage_no_delete BEFORE DELETE ON approvals_stage WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_stage is append-only'); END
-- next
CREATE TRIGGER approvals_attachment_fixed BEFORE UPDATE ON approvals_attachment WHEN NEW.id IS NOT OLD.id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.size IS NOT OLD.size OR NEW.media_type IS NOT OLD.media_type OR NEW.created_at IS NOT OLD.created_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER attachment_erased BEFORE UPDATE ON approvals_attachment WHEN OLD.erased_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'an erased attachment cannot change'); END
-- next
CREATE TRIGGER attachment_renamed BEFORE UPDATE ON approvals_attachment WHEN (NEW.sha256 <> OLD.sha256 OR NEW.name <> OLD.name) AND (NEW.erased_at IS NULL OR NEW.sha256 <> '') BEGIN SELECT RAISE(ABORT, 'the digest and the name of an attachment can only be erased'); END
-- next
CREATE TRIGGER attachment_detached BEFORE UPDATE ON approvals_attachment WHEN OLD.attached_at IS NOT NULL AND NEW.attached_at IS NULL BEGIN SELECT RAISE(ABORT, 'an attachment that an action has cannot become unattached'); END
-- next
CREATE TRIGGER attachment_taken BEFORE DELETE ON approvals_attachment WHEN OLD.attached_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'an attachment that an action has cannot be deleted'); END
-- next
CREATE TRIGGER approvals_actionattachment_fixed BEFORE UPDATE ON approvals_actionattachment WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.attachment_id IS NOT OLD.attachment_id OR NEW.number IS NOT OLD.number OR NEW.position IS NOT OLD.position OR NEW.digest IS NOT OLD.digest BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER attachment_salt BEFORE UPDATE ON approvals_actionattachment WHEN NEW.salt <> OLD.salt AND NEW.salt <> '' BEGIN SELECT RAISE(ABORT, 'the salt of an attachment can only be erased'); END
-- next
CREATE TRIGGER attachment_foreign BEFORE INSERT ON approvals_actionattachment WHEN 
    NOT EXISTS (
        SELECT 1 FROM approvals_attachment f JOIN approvals_action a ON a.agent_id = f.agent_id
        WHERE f.id = NEW.attachment_id AND f.erased_at IS NULL AND a.id = NEW.action_id
    )
 BEGIN SELECT RAISE(ABORT, 'an action can only have attachments of its own agent'); END
-- next
CREATE TRIGGER approvals_actionattachment_no_delete BEFORE DELETE ON approvals_actionattachment WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_actionattachment is append-only'); END
-- next
CREATE TRIGGER decision_whole BEFORE INSERT ON approvals_decision WHEN (NEW.is_final AND NEW.verdict IN ('approve', 'modify')) AND (EXISTS (
    SELECT 1 FROM approvals_stage s
    WHERE s.action_id = NEW.action_id AND s.round = NEW.round AND s.state IN ('open', 'waiting')
)) BEGIN SELECT RAISE(ABORT, 'an action cannot be approved while a stage of its plan is open or waiting'); END
-- next
CREATE TRIGGER decision_bound BEFORE INSERT ON approvals_decision WHEN NOT EXISTS (
    SELECT 1 FROM approvals_ledgerentry e, approvals_revision r
    WHERE e.id = NEW.entry_id AND e.action_id = NEW.action_id
    AND (NEW.person_id IS NULL OR e.actor = 'person:' || NEW.person_id)
    AND (NOT NEW.is_final OR e.state_to IN ('approved', 'modified', 'rejected', 'expired'))
    AND r.id = NEW.revision_id AND r.action_id = NEW.action_id AND r.digest = NEW.digest
) BEGIN SELECT RAISE(ABORT, 'a decision needs a matching ledger entry and revision'); END
-- next
CREATE TRIGGER approvals_decision_no_update BEFORE UPDATE ON approvals_decision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_decision is append-only'); END
-- next
CREATE TRIGGER approvals_decision_no_delete BEFORE DELETE ON approvals_decision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_decision is append-only'); END
-- next
CREATE TRIGGER approvals_note_fixed BEFORE UPDATE ON approvals_note WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.kind IS NOT OLD.kind OR NEW.person_id IS NOT OLD.person_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.text_id IS NOT OLD.text_id OR NEW.answers_id IS NOT OLD.answers_id OR NEW.at IS NOT OLD.at OR NEW.entry_id IS NOT OLD.entry_id OR NEW.handed_to_id IS NOT OLD.handed_to_id OR NEW.revision_id IS NOT OLD.revision_id BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER approvals_note_no_delete BEFORE DELETE ON approvals_note WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_note is append-only'); END
-- next
CREATE TRIGGER approvals_execution_fixed BEFORE UPDATE ON approvals_execution WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.revision_id IS NOT OLD.revision_id OR NEW.round IS NOT OLD.round OR NEW.digest IS NOT OLD.digest OR NEW.mode IS NOT OLD.mode OR NEW.connector IS NOT OLD.connector OR NEW.target_digest IS NOT OLD.target_digest OR NEW.key IS NOT OLD.key OR NEW.not_before IS NOT OLD.not_before OR NEW.expires_at IS NOT OLD.expires_at OR NEW.created_at IS NOT OLD.created_at OR NEW.end_number IS NOT OLD.end_number OR NEW.reverses_id IS NOT OLD.reverses_id OR NEW.is_early IS NOT OLD.is_early BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER execution_born BEFORE INSERT ON approvals_execution WHEN NEW.state <> 'ready' OR NEW.cancel_asked_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
) BEGIN SELECT RAISE(ABORT, 'an execution needs a decision that approves its revision'); END
-- next
CREATE TRIGGER execution_ends BEFORE INSERT ON approvals_execution WHEN (NEW.end_number > 0) AND (NOT EXISTS (
    SELECT 1 FROM approvals_execution x
    WHERE x.id = NEW.reverses_id AND x.state = 'succeeded' AND x.end_number = 0 AND x.action_id = NEW.action_id
    AND x.revision_id = NEW.revision_id AND x.round = NEW.round AND x.digest = NEW.digest
    AND x.target_digest = NEW.target_digest AND x.connector = NEW.connector AND x.target = NEW.target
    AND x.mode = NEW.mode AND x.agent_id = NEW.agent_id
)) BEGIN SELECT RAISE(ABORT, 'an end needs the successful execution that it reverses'); END
-- next
CREATE TRIGGER execution_sent BEFORE UPDATE ON approvals_execution WHEN (NEW.state = OLD.state OR OLD.state <> 'ready' OR OLD.end_number > 0) AND (NEW.target IS NOT OLD.target) BEGIN SELECT RAISE(ABORT, 'the target of an execution is set when it starts'); END
-- next
CREATE TRIGGER execution_steps BEFORE UPDATE ON approvals_execution WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('ready>running', 'ready>canceled', 'ready>failed', 'running>succeeded', 'running>failed', 'running>uncertain', 'uncertain>succeeded', 'uncertain>failed') BEGIN SELECT RAISE(ABORT, 'an execution cannot return to an earlier state'); END
-- next
CREATE TRIGGER execution_asked BEFORE UPDATE ON approvals_execution WHEN (COALESCE(NEW.cancel_asked_at <> OLD.cancel_asked_at, (NEW.cancel_asked_at IS NULL) <> (OLD.cancel_asked_at IS NULL))) AND (NOT EXISTS (SELECT 1 FROM approvals_stoprequest r WHERE r.execution_id = NEW.id AND r.at = NEW.cancel_asked_at)) BEGIN SELECT RAISE(ABORT, 'a cancellation is requested once, by a stop request'); END
-- next
CREATE TRIGGER approvals_execution_no_delete BEFORE DELETE ON approvals_execution WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_execution is append-only'); END
-- next
CREATE TRIGGER approvals_attempt_no_update BEFORE UPDATE ON approvals_attempt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_attempt is append-only'); END
-- next
CREATE TRIGGER approvals_attempt_no_delete BEFORE DELETE ON approvals_attempt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_attempt is append-only'); END
-- next
CREATE TRIGGER approvals_stoprequest_no_update BEFORE UPDATE ON approvals_stoprequest WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_stoprequest is append-only'); END
-- next
CREATE TRIGGER approvals_stoprequest_no_delete BEFORE DELETE ON approvals_stoprequest WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_stoprequest is append-only'); END
-- next
CREATE TRIGGER approvals_standingrule_fixed BEFORE UPDATE ON approvals_standingrule WHEN NEW.id IS NOT OLD.id OR NEW.verdict IS NOT OLD.verdict OR NEW.action_type_id IS NOT OLD.action_type_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.client_id IS NOT OLD.client_id OR NEW.subject IS NOT OLD.subject OR NEW.condition IS NOT OLD.condition OR NEW.max_amount IS NOT OLD.max_amount OR NEW.currency IS NOT OLD.currency OR NEW.salt IS NOT OLD.salt OR NEW.count_per_day IS NOT OLD.count_per_day OR NEW.sum_per_day IS NOT OLD.sum_per_day OR NEW.sample_rate IS NOT OLD.sample_rate OR NEW.expires_at IS NOT OLD.expires_at OR NEW.reason IS NOT OLD.reason OR NEW.decision_id IS NOT OLD.decision_id OR NEW.made_by_id IS NOT OLD.made_by_id OR NEW.made_at IS NOT OLD.made_at OR NEW.agent_version IS NOT OLD.agent_version OR NEW.type_version IS NOT OLD.type_version OR NEW.target_digest IS NOT OLD.target_digest OR NEW.policies IS NOT OLD.policies OR NEW.waives IS NOT OLD.waives BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER standing_over BEFORE UPDATE ON approvals_standingrule WHEN OLD.state IN ('stopped', 'expired') OR NEW.state = 'proposed' AND OLD.state <> 'proposed' BEGIN SELECT RAISE(ABORT, 'a standing rule that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_standingrule_no_delete BEFORE DELETE ON approvals_standingrule WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_standingrule is append-only'); END
-- next
CREATE TRIGGER approvals_standinguse_no_update BEFORE UPDATE ON approvals_standinguse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_standinguse is append-only'); END
-- next
CREATE TRIGGER approvals_standinguse_no_delete BEFORE DELETE ON approvals_standinguse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_standinguse is append-only'); END
-- next
CREATE TRIGGER approvals_samplecheck_fixed BEFORE UPDATE ON approvals_samplecheck WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.rule_id IS NOT OLD.rule_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.drawn_at IS NOT OLD.drawn_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER sample_checked BEFORE UPDATE ON approvals_samplecheck WHEN OLD.state <> 'open' BEGIN SELECT RAISE(ABORT, 'the result of a spot check cannot change'); END
-- next
CREATE TRIGGER approvals_samplecheck_no_delete BEFORE DELETE ON approvals_samplecheck WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_samplecheck is append-only'); END
-- next
CREATE TRIGGER approvals_halt_fixed BEFORE UPDATE ON approvals_halt WHEN NEW.id IS NOT OLD.id OR NEW.scope IS NOT OLD.scope OR NEW.desk_id IS NOT OLD.desk_id OR NEW.action_type_id IS NOT OLD.action_type_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.connector IS NOT OLD.connector OR NEW.reason IS NOT OLD.reason OR NEW.started_by_id IS NOT OLD.started_by_id OR NEW.started_at IS NOT OLD.started_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER halt_lifted BEFORE UPDATE ON approvals_halt WHEN OLD.lifted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a lifted halt cannot change; start a new one'); END
-- next
CREATE TRIGGER approvals_halt_no_delete BEFORE DELETE ON approvals_halt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_halt is append-only'); END
-- next
CREATE TRIGGER approvals_breakglass_fixed BEFORE UPDATE ON approvals_breakglass WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.reason IS NOT OLD.reason OR NEW.opened_at IS NOT OLD.opened_at OR NEW.expires_at IS NOT OLD.expires_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER break_glass_over BEFORE UPDATE ON approvals_breakglass WHEN OLD.reviewed_at IS NOT NULL OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_breakglass_no_delete BEFORE DELETE ON approvals_breakglass WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_breakglass is append-only'); END
-- next
CREATE TRIGGER approvals_breakglassuse_no_update BEFORE UPDATE ON approvals_breakglassuse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_breakglassuse is append-only'); END
-- next
CREATE TRIGGER approvals_breakglassuse_no_delete BEFORE DELETE ON approvals_breakglassuse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_breakglassuse is append-only'); END
-- next
CREATE TRIGGER approvals_tightening_fixed BEFORE UPDATE ON approvals_tightening WHEN NEW.id IS NOT OLD.id OR NEW.changes IS NOT OLD.changes OR NEW.left_out IS NOT OLD.left_out OR NEW.made_by_id IS NOT OLD.made_by_id OR NEW.made_through IS NOT OLD.made_through OR NEW.made_at IS NOT OLD.made_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER tightening_reviewed BEFORE UPDATE ON approvals_tightening WHEN OLD.reviewed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_tightening_no_delete BEFORE DELETE ON approvals_tightening WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_tightening is append-only'); END
-- next
CREATE TRIGGER approvals_installation_no_update BEFORE UPDATE ON approvals_installation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_installation is append-only'); END
-- next
CREATE TRIGGER approvals_installation_no_delete BEFORE DELETE ON approvals_installation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_installation is append-only'); END
-- next
CREATE TRIGGER approvals_restore_no_update BEFORE UPDATE ON approvals_restore WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_restore is append-only'); END
-- next
CREATE TRIGGER approvals_restore_no_delete BEFORE DELETE ON approvals_restore WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_restore is append-only'); END
-- next
CREATE TRIGGER approvals_restoreend_no_update BEFORE UPDATE ON approvals_restoreend WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_restoreend is append-only'); END
-- next
CREATE TRIGGER approvals_restoreend_no_delete BEFORE DELETE ON approvals_restoreend WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_restoreend is append-only'); END
-- next
CREATE TRIGGER approvals_lostdispatch_no_update BEFORE UPDATE ON approvals_lostdispatch WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_lostdispatch is append-only'); END
-- next
CREATE TRIGGER approvals_lostdispatch_no_delete BEFORE DELETE ON approvals_lostdispatch WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_lostdispatch is append-only'); END
-- next
CREATE TRIGGER approvals_absence_fixed BEFORE UPDATE ON approvals_absence WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.starts_at IS NOT OLD.starts_at OR NEW.ends_at IS NOT OLD.ends_at OR NEW.entered_by_id IS NOT OLD.entered_by_id OR NEW.entered_at IS NOT OLD.entered_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER absence_ended BEFORE UPDATE ON approvals_absence WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_absence_no_delete BEFORE DELETE ON approvals_absence WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_absence is append-only'); END
-- next
CREATE TRIGGER approvals_delegation_fixed BEFORE UPDATE ON approvals_delegation WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.delegate_id IS NOT OLD.delegate_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.starts_at IS NOT OLD.starts_at OR NEW.ends_at IS NOT OLD.ends_at OR NEW.reason IS NOT OLD.reason OR NEW.granted_by_id IS NOT OLD.granted_by_id OR NEW.granted_at IS NOT OLD.granted_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER delegation_ended BEFORE UPDATE ON approvals_delegation WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_delegation_no_delete BEFORE DELETE ON approvals_delegation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_delegation is append-only'); END
-- next
CREATE TRIGGER approvals_export_fixed BEFORE UPDATE ON approvals_export WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.source IS NOT OLD.source OR NEW.format IS NOT OLD.format OR NEW.columns IS NOT OLD.columns OR NEW.grounds IS NOT OLD.grounds OR NEW.requested_at IS NOT OLD.requested_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER export_told BEFORE UPDATE ON approvals_export WHEN 
    (NEW.query <> OLD.query OR NEW.salt <> OLD.salt)
    AND (NEW.query <> '' OR NEW.salt <> '' OR NEW.state NOT IN ('failed', 'canceled', 'removed'))
 BEGIN SELECT RAISE(ABORT, 'what an export was asked for can only be erased when it ends'); END
-- next
CREATE TRIGGER export_ended BEFORE UPDATE ON approvals_export WHEN OLD.state IN ('taken', 'failed', 'canceled', 'removed') BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_export_no_delete BEFORE DELETE ON approvals_export WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_export is append-only'); END
-- next
CREATE TRIGGER approvals_webhook_no_delete BEFORE DELETE ON approvals_webhook WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_webhook is append-only'); END
-- next
CREATE TRIGGER approvals_webhookcursor_fixed BEFORE UPDATE ON approvals_webhookcursor WHEN NEW.webhook_id IS NOT OLD.webhook_id BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER webhook_passed BEFORE UPDATE ON approvals_webhookcursor WHEN NEW.position < OLD.position OR NEW.sequence < OLD.sequence BEGIN SELECT RAISE(ABORT, 'a webhook never goes back to earlier events'); END
-- next
CREATE TRIGGER approvals_webhookcursor_no_delete BEFORE DELETE ON approvals_webhookcursor WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_webhookcursor is append-only'); END
-- next
CREATE TRIGGER approvals_webhookdelivery_fixed BEFORE UPDATE ON approvals_webhookdelivery WHEN NEW.id IS NOT OLD.id OR NEW.webhook_id IS NOT OLD.webhook_id OR NEW.position_id IS NOT OLD.position_id OR NEW.action_id IS NOT OLD.action_id OR NEW.event IS NOT OLD.event OR NEW.sequence IS NOT OLD.sequence OR NEW.created_at IS NOT OLD.created_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER webhook_dropped BEFORE UPDATE ON approvals_webhookdelivery WHEN OLD.state = 'dropped' BEGIN SELECT RAISE(ABORT, 'a delivery that was dropped cannot change'); END
-- next
CREATE TRIGGER webhook_waiting BEFORE DELETE ON approvals_webhookdelivery WHEN OLD.state IN ('ready', 'dead') BEGIN SELECT RAISE(ABORT, 'a delivery can be deleted only after it was sent or dropped'); END
-- next
CREATE TRIGGER approvals_webhookattempt_fixed BEFORE UPDATE ON approvals_webhookattempt WHEN NEW.id IS NOT OLD.id OR NEW.delivery_id IS NOT OLD.delivery_id OR NEW.number IS NOT OLD.number OR NEW.at IS NOT OLD.at OR NEW.milliseconds IS NOT OLD.milliseconds OR NEW.status IS NOT OLD.status OR NEW.error IS NOT OLD.error OR NEW.answer IS NOT OLD.answer BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER webhook_tried BEFORE DELETE ON approvals_webhookattempt WHEN EXISTS (SELECT 1 FROM approvals_webhookdelivery d WHERE d.id = OLD.delivery_id AND d.state IN ('ready', 'dead')) BEGIN SELECT RAISE(ABORT, 'a delivery can be deleted only after it was sent or dropped'); END
-- next
CREATE TRIGGER approvals_historicalabsence_no_update BEFORE UPDATE ON approvals_historicalabsence WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalabsence is append-only'); END
-- next
CREATE TRIGGER approvals_historicalabsence_no_delete BEFORE DELETE ON approvals_historicalabsence WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalabsence is append-only'); END
-- next
CREATE TRIGGER approvals_historicalaction_no_update BEFORE UPDATE ON approvals_historicalaction WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalaction is append-only'); END
-- next
CREATE TRIGGER approvals_historicalaction_no_delete BEFORE DELETE ON approvals_historicalaction WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalaction is append-only'); END
-- next
CREATE TRIGGER approvals_historicalactiontype_no_update BEFORE UPDATE ON approvals_historicalactiontype WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalactiontype is append-only'); END
-- next
CREATE TRIGGER approvals_historicalactiontype_no_delete BEFORE DELETE ON approvals_historicalactiontype WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalactiontype is append-only'); END
-- next
CREATE TRIGGER approvals_historicalagent_no_update BEFORE UPDATE ON approvals_historicalagent WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalagent is append-only'); END
-- next
CREATE TRIGGER approvals_historicalagent_no_delete BEFORE DELETE ON approvals_historicalagent WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalagent is append-only'); END
-- next
CREATE TRIGGER approvals_historicalapikey_no_update BEFORE UPDATE ON approvals_historicalapikey WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalapikey is append-only'); END
-- next
CREATE TRIGGER approvals_historicalapikey_no_delete BEFORE DELETE ON approvals_historicalapikey WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalapikey is append-only'); END
-- next
CREATE TRIGGER approvals_historicalbreakglass_no_update BEFORE UPDATE ON approvals_historicalbreakglass WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalbreakglass is append-only'); END
-- next
CREATE TRIGGER approvals_historicalbreakglass_no_delete BEFORE DELETE ON approvals_historicalbreakglass WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalbreakglass is append-only'); END
-- next
CREATE TRIGGER approvals_historicalcalendar_no_update BEFORE UPDATE ON approvals_historicalcalendar WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalcalendar is append-only'); END
-- next
CREATE TRIGGER approvals_historicalcalendar_no_delete BEFORE DELETE ON approvals_historicalcalendar WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalcalendar is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldelegation_no_update BEFORE UPDATE ON approvals_historicaldelegation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldelegation is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldelegation_no_delete BEFORE DELETE ON approvals_historicaldelegation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldelegation is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldesk_no_update BEFORE UPDATE ON approvals_historicaldesk WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldesk is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldesk_no_delete BEFORE DELETE ON approvals_historicaldesk WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldesk is append-only'); END
-- next
CREATE TRIGGER approvals_historicalduty_no_update BEFORE UPDATE ON approvals_historicalduty WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalduty is append-only'); END
-- next
CREATE TRIGGER approvals_historicalduty_no_delete BEFORE DELETE ON approvals_historicalduty WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalduty is append-only'); END
-- next
CREATE TRIGGER approvals_historicalemployee_no_update BEFORE UPDATE ON approvals_historicalemployee WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalemployee is append-only'); END
-- next
CREATE TRIGGER approvals_historicalemployee_no_delete BEFORE DELETE ON approvals_historicalemployee WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalemployee is append-only'); END
-- next
CREATE TRIGGER approvals_historicalexchangerate_no_update BEFORE UPDATE ON approvals_historicalexchangerate WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalexchangerate is append-only'); END
-- next
CREATE TRIGGER approvals_historicalexchangerate_no_delete BEFORE DELETE ON approvals_historicalexchangerate WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalexchangerate is append-only'); END
-- next
CREATE TRIGGER approvals_historicalflowlimit_no_update BEFORE UPDATE ON approvals_historicalflowlimit WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalflowlimit is append-only'); END
-- next
CREATE TRIGGER approvals_historicalflowlimit_no_delete BEFORE DELETE ON approvals_historicalflowlimit WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalflowlimit is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhalt_no_update BEFORE UPDATE ON approvals_historicalhalt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhalt is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhalt_no_delete BEFORE DELETE ON approvals_historicalhalt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhalt is append-only'); END
-- next
CREATE TRIGGER approvals_historicalholiday_no_update BEFORE UPDATE ON approvals_historicalholiday WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalholiday is append-only'); END
-- next
CREATE TRIGGER approvals_historicalholiday_no_delete BEFORE DELETE ON approvals_historicalholiday WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalholiday is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhours_no_update BEFORE UPDATE ON approvals_historicalhours WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhours is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhours_no_delete BEFORE DELETE ON approvals_historicalhours WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhours is append-only'); END
-- next
CREATE TRIGGER approvals_historicalmembership_no_update BEFORE UPDATE ON approvals_historicalmembership WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalmembership is append-only'); END
-- next
CREATE TRIGGER approvals_historicalmembership_no_delete BEFORE DELETE ON approvals_historicalmembership WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalmembership is append-only'); END
-- next
CREATE TRIGGER approvals_historicalperson_no_update BEFORE UPDATE ON approvals_historicalperson WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalperson is append-only'); END
-- next
CREATE TRIGGER approvals_historicalperson_no_delete BEFORE DELETE ON approvals_historicalperson WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalperson is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsamplecheck_no_update BEFORE UPDATE ON approvals_historicalsamplecheck WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsamplecheck is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsamplecheck_no_delete BEFORE DELETE ON approvals_historicalsamplecheck WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsamplecheck is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstage_no_update BEFORE UPDATE ON approvals_historicalstage WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstage is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstage_no_delete BEFORE DELETE ON approvals_historicalstage WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstage is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstandingrule_no_update BEFORE UPDATE ON approvals_historicalstandingrule WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstandingrule is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstandingrule_no_delete BEFORE DELETE ON approvals_historicalstandingrule WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstandingrule is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsubjectowner_no_update BEFORE UPDATE ON approvals_historicalsubjectowner WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsubjectowner is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsubjectowner_no_delete BEFORE DELETE ON approvals_historicalsubjectowner WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsubjectowner is append-only'); END
-- next
CREATE TRIGGER approvals_historicaltightening_no_update BEFORE UPDATE ON approvals_historicaltightening WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaltightening is append-only'); END
-- next
CREATE TRIGGER approvals_historicaltightening_no_delete BEFORE DELETE ON approvals_historicaltightening WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaltightening is append-only'); END
-- next
CREATE TRIGGER approvals_historicalwebhook_no_update BEFORE UPDATE ON approvals_historicalwebhook WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalwebhook is append-only'); END
-- next
CREATE TRIGGER approvals_historicalwebhook_no_delete BEFORE DELETE ON approvals_historicalwebhook WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalwebhook is append-only'); END
