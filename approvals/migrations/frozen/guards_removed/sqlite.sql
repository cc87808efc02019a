DROP TRIGGER IF EXISTS told_absence_born
-- next
DROP TRIGGER IF EXISTS told_absence_changed
-- next
DROP TRIGGER IF EXISTS told_absence_whole
-- next
DROP TRIGGER IF EXISTS told_breakglass_born
-- next
DROP TRIGGER IF EXISTS told_breakglass_changed
-- next
DROP TRIGGER IF EXISTS told_breakglass_whole
-- next
DROP TRIGGER IF EXISTS told_delegation_born
-- next
DROP TRIGGER IF EXISTS told_delegation_changed
-- next
DROP TRIGGER IF EXISTS told_delegation_whole
-- next
DROP TRIGGER IF EXISTS told_halt_born
-- next
DROP TRIGGER IF EXISTS told_halt_changed
-- next
DROP TRIGGER IF EXISTS told_halt_whole
-- next
DROP TRIGGER IF EXISTS told_samplecheck_born
-- next
DROP TRIGGER IF EXISTS told_samplecheck_changed
-- next
DROP TRIGGER IF EXISTS told_samplecheck_whole
-- next
DROP TRIGGER IF EXISTS told_standingrule_born
-- next
DROP TRIGGER IF EXISTS told_standingrule_changed
-- next
DROP TRIGGER IF EXISTS told_standingrule_whole
-- next
DROP TRIGGER IF EXISTS told_tightening_born
-- next
DROP TRIGGER IF EXISTS told_tightening_changed
-- next
DROP TRIGGER IF EXISTS told_tightening_whole
-- next
DROP TRIGGER IF EXISTS told_webhook_born
-- next
DROP TRIGGER IF EXISTS told_webhook_changed
-- next
DROP TRIGGER IF EXISTS told_webhook_whole
-- next
DROP TRIGGER IF EXISTS told_actiontype_born
-- next
DROP TRIGGER IF EXISTS told_actiontype_changed
-- next
DROP TRIGGER IF EXISTS told_actiontype_whole
-- next
DROP TRIGGER IF EXISTS told_actiontype_removed
-- next
DROP TRIGGER IF EXISTS told_agent_born
-- next
DROP TRIGGER IF EXISTS told_agent_changed
-- next
DROP TRIGGER IF EXISTS told_agent_whole
-- next
DROP TRIGGER IF EXISTS told_agent_removed
-- next
DROP TRIGGER IF EXISTS told_apikey_born
-- next
DROP TRIGGER IF EXISTS told_apikey_changed
-- next
DROP TRIGGER IF EXISTS told_apikey_whole
-- next
DROP TRIGGER IF EXISTS told_apikey_removed
-- next
DROP TRIGGER IF EXISTS told_calendar_born
-- next
DROP TRIGGER IF EXISTS told_calendar_changed
-- next
DROP TRIGGER IF EXISTS told_calendar_whole
-- next
DROP TRIGGER IF EXISTS told_calendar_removed
-- next
DROP TRIGGER IF EXISTS told_client_born
-- next
DROP TRIGGER IF EXISTS told_client_changed
-- next
DROP TRIGGER IF EXISTS told_client_whole
-- next
DROP TRIGGER IF EXISTS told_client_removed
-- next
DROP TRIGGER IF EXISTS told_desk_born
-- next
DROP TRIGGER IF EXISTS told_desk_changed
-- next
DROP TRIGGER IF EXISTS told_desk_whole
-- next
DROP TRIGGER IF EXISTS told_desk_removed
-- next
DROP TRIGGER IF EXISTS told_duty_born
-- next
DROP TRIGGER IF EXISTS told_duty_changed
-- next
DROP TRIGGER IF EXISTS told_duty_whole
-- next
DROP TRIGGER IF EXISTS told_duty_removed
-- next
DROP TRIGGER IF EXISTS told_employee_born
-- next
DROP TRIGGER IF EXISTS told_employee_changed
-- next
DROP TRIGGER IF EXISTS told_employee_whole
-- next
DROP TRIGGER IF EXISTS told_employee_removed
-- next
DROP TRIGGER IF EXISTS told_exchangerate_born
-- next
DROP TRIGGER IF EXISTS told_exchangerate_changed
-- next
DROP TRIGGER IF EXISTS told_exchangerate_whole
-- next
DROP TRIGGER IF EXISTS told_exchangerate_removed
-- next
DROP TRIGGER IF EXISTS told_flowlimit_born
-- next
DROP TRIGGER IF EXISTS told_flowlimit_changed
-- next
DROP TRIGGER IF EXISTS told_flowlimit_whole
-- next
DROP TRIGGER IF EXISTS told_flowlimit_removed
-- next
DROP TRIGGER IF EXISTS told_holiday_born
-- next
DROP TRIGGER IF EXISTS told_holiday_changed
-- next
DROP TRIGGER IF EXISTS told_holiday_whole
-- next
DROP TRIGGER IF EXISTS told_holiday_removed
-- next
DROP TRIGGER IF EXISTS told_hours_born
-- next
DROP TRIGGER IF EXISTS told_hours_changed
-- next
DROP TRIGGER IF EXISTS told_hours_whole
-- next
DROP TRIGGER IF EXISTS told_hours_removed
-- next
DROP TRIGGER IF EXISTS told_membership_born
-- next
DROP TRIGGER IF EXISTS told_membership_changed
-- next
DROP TRIGGER IF EXISTS told_membership_whole
-- next
DROP TRIGGER IF EXISTS told_membership_removed
-- next
DROP TRIGGER IF EXISTS told_person_born
-- next
DROP TRIGGER IF EXISTS told_person_changed
-- next
DROP TRIGGER IF EXISTS told_person_whole
-- next
DROP TRIGGER IF EXISTS told_person_removed
-- next
DROP TRIGGER IF EXISTS told_subjectowner_born
-- next
DROP TRIGGER IF EXISTS told_subjectowner_changed
-- next
DROP TRIGGER IF EXISTS told_subjectowner_whole
-- next
DROP TRIGGER IF EXISTS told_subjectowner_removed
-- next
DROP TRIGGER IF EXISTS entry_blank
-- next
DROP TRIGGER IF EXISTS entry_otherwise
-- next
DROP TRIGGER IF EXISTS entry_guard
-- next
DROP TRIGGER IF EXISTS entry_waits
-- next
DROP TRIGGER IF EXISTS approvals_ledgerentry_no_update
-- next
DROP TRIGGER IF EXISTS approvals_ledgerentry_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_ledgerposition_no_update
-- next
DROP TRIGGER IF EXISTS approvals_ledgerposition_no_delete
-- next
DROP TRIGGER IF EXISTS position_next
-- next
DROP TRIGGER IF EXISTS pending_new
-- next
DROP TRIGGER IF EXISTS pending_moved
-- next
DROP TRIGGER IF EXISTS pending_numbered
-- next
DROP TRIGGER IF EXISTS action_born
-- next
DROP TRIGGER IF EXISTS action_orphan
-- next
DROP TRIGGER IF EXISTS action_still
-- next
DROP TRIGGER IF EXISTS action_bare
-- next
DROP TRIGGER IF EXISTS action_untold
-- next
DROP TRIGGER IF EXISTS action_illegal
-- next
DROP TRIGGER IF EXISTS approvals_action_fixed
-- next
DROP TRIGGER IF EXISTS action_round
-- next
DROP TRIGGER IF EXISTS action_rejection
-- next
DROP TRIGGER IF EXISTS action_revision
-- next
DROP TRIGGER IF EXISTS approvals_action_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_revision_no_update
-- next
DROP TRIGGER IF EXISTS approvals_revision_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_text_no_update
-- next
DROP TRIGGER IF EXISTS approvals_text_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_lookupresult_no_update
-- next
DROP TRIGGER IF EXISTS approvals_lookupresult_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_policyevaluation_no_update
-- next
DROP TRIGGER IF EXISTS approvals_policyevaluation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_stage_fixed
-- next
DROP TRIGGER IF EXISTS stage_bar
-- next
DROP TRIGGER IF EXISTS stage_order
-- next
DROP TRIGGER IF EXISTS stage_frozen
-- next
DROP TRIGGER IF EXISTS approvals_stage_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_attachment_fixed
-- next
DROP TRIGGER IF EXISTS attachment_erased
-- next
DROP TRIGGER IF EXISTS attachment_renamed
-- next
DROP TRIGGER IF EXISTS attachment_detached
-- next
DROP TRIGGER IF EXISTS attachment_taken
-- next
DROP TRIGGER IF EXISTS approvals_actionattachment_fixed
-- next
DROP TRIGGER IF EXISTS attachment_salt
-- next
DROP TRIGGER IF EXISTS attachment_foreign
-- next
DROP TRIGGER IF EXISTS approvals_actionattachment_no_delete
-- next
DROP TRIGGER IF EXISTS decision_whole
-- next
DROP TRIGGER IF EXISTS decision_bound
-- next
DROP TRIGGER IF EXISTS approvals_decision_no_update
-- next
DROP TRIGGER IF EXISTS approvals_decision_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_note_fixed
-- next
DROP TRIGGER IF EXISTS approvals_note_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_execution_fixed
-- next
DROP TRIGGER IF EXISTS execution_born
-- next
DROP TRIGGER IF EXISTS execution_ends
-- next
DROP TRIGGER IF EXISTS execution_sent
-- next
DROP TRIGGER IF EXISTS execution_steps
-- next
DROP TRIGGER IF EXISTS execution_asked
-- next
DROP TRIGGER IF EXISTS approvals_execution_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_attempt_no_update
-- next
DROP TRIGGER IF EXISTS approvals_attempt_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_stoprequest_no_update
-- next
DROP TRIGGER IF EXISTS approvals_stoprequest_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_fixed
-- next
DROP TRIGGER IF EXISTS standing_over
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_standinguse_no_update
-- next
DROP TRIGGER IF EXISTS approvals_standinguse_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_fixed
-- next
DROP TRIGGER IF EXISTS sample_checked
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_halt_fixed
-- next
DROP TRIGGER IF EXISTS halt_lifted
-- next
DROP TRIGGER IF EXISTS approvals_halt_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_fixed
-- next
DROP TRIGGER IF EXISTS break_glass_over
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_breakglassuse_no_update
-- next
DROP TRIGGER IF EXISTS approvals_breakglassuse_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_tightening_fixed
-- next
DROP TRIGGER IF EXISTS tightening_reviewed
-- next
DROP TRIGGER IF EXISTS approvals_tightening_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_installation_no_update
-- next
DROP TRIGGER IF EXISTS approvals_installation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_restore_no_update
-- next
DROP TRIGGER IF EXISTS approvals_restore_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_restoreend_no_update
-- next
DROP TRIGGER IF EXISTS approvals_restoreend_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_lostdispatch_no_update
-- next
DROP TRIGGER IF EXISTS approvals_lostdispatch_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_absence_fixed
-- next
DROP TRIGGER IF EXISTS absence_ended
-- next
DROP TRIGGER IF EXISTS approvals_absence_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_delegation_fixed
-- next
DROP TRIGGER IF EXISTS delegation_ended
-- next
DROP TRIGGER IF EXISTS approvals_delegation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_export_fixed
-- next
DROP TRIGGER IF EXISTS export_told
-- next
DROP TRIGGER IF EXISTS export_ended
-- next
DROP TRIGGER IF EXISTS approvals_export_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_webhook_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_webhookcursor_fixed
-- next
DROP TRIGGER IF EXISTS webhook_passed
-- next
DROP TRIGGER IF EXISTS approvals_webhookcursor_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_webhookdelivery_fixed
-- next
DROP TRIGGER IF EXISTS webhook_dropped
-- next
DROP TRIGGER IF EXISTS webhook_waiting
-- next
DROP TRIGGER IF EXISTS approvals_webhookattempt_fixed
-- next
DROP TRIGGER IF EXISTS webhook_tried
-- next
DROP TRIGGER IF EXISTS approvals_historicalabsence_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalabsence_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalaction_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalaction_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalactiontype_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalactiontype_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalagent_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalagent_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalapikey_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalapikey_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalbreakglass_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalbreakglass_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalcalendar_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalcalendar_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicaldelegation_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicaldelegation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicaldesk_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicaldesk_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalduty_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalduty_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalemployee_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalemployee_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalexchangerate_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalexchangerate_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalflowlimit_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalflowlimit_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalhalt_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalhalt_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalholiday_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalholiday_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalhours_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalhours_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalmembership_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalmembership_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalperson_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalperson_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalsamplecheck_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalsamplecheck_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalstage_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalstage_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalstandingrule_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalstandingrule_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalsubjectowner_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalsubjectowner_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicaltightening_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicaltightening_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalwebhook_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalwebhook_no_delete
