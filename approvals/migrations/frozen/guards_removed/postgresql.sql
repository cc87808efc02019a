DROP TRIGGER IF EXISTS told_absence_born ON approvals_absence
-- next
DROP TRIGGER IF EXISTS told_absence_changed ON approvals_absence
-- next
DROP TRIGGER IF EXISTS told_absence_whole ON approvals_absence
-- next
DROP TRIGGER IF EXISTS told_breakglass_born ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS told_breakglass_changed ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS told_breakglass_whole ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS told_delegation_born ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS told_delegation_changed ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS told_delegation_whole ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS told_halt_born ON approvals_halt
-- next
DROP TRIGGER IF EXISTS told_halt_changed ON approvals_halt
-- next
DROP TRIGGER IF EXISTS told_halt_whole ON approvals_halt
-- next
DROP TRIGGER IF EXISTS told_samplecheck_born ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS told_samplecheck_changed ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS told_samplecheck_whole ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS told_standingrule_born ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS told_standingrule_changed ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS told_standingrule_whole ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS told_tightening_born ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS told_tightening_changed ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS told_tightening_whole ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS told_webhook_born ON approvals_webhook
-- next
DROP TRIGGER IF EXISTS told_webhook_changed ON approvals_webhook
-- next
DROP TRIGGER IF EXISTS told_webhook_whole ON approvals_webhook
-- next
DROP TRIGGER IF EXISTS told_actiontype_born ON approvals_actiontype
-- next
DROP TRIGGER IF EXISTS told_actiontype_changed ON approvals_actiontype
-- next
DROP TRIGGER IF EXISTS told_actiontype_whole ON approvals_actiontype
-- next
DROP TRIGGER IF EXISTS told_actiontype_removed ON approvals_actiontype
-- next
DROP TRIGGER IF EXISTS told_actiontype_removed_whole ON approvals_actiontype
-- next
DROP TRIGGER IF EXISTS told_agent_born ON approvals_agent
-- next
DROP TRIGGER IF EXISTS told_agent_changed ON approvals_agent
-- next
DROP TRIGGER IF EXISTS told_agent_whole ON approvals_agent
-- next
DROP TRIGGER IF EXISTS told_agent_removed ON approvals_agent
-- next
DROP TRIGGER IF EXISTS told_agent_removed_whole ON approvals_agent
-- next
DROP TRIGGER IF EXISTS told_apikey_born ON approvals_apikey
-- next
DROP TRIGGER IF EXISTS told_apikey_changed ON approvals_apikey
-- next
DROP TRIGGER IF EXISTS told_apikey_whole ON approvals_apikey
-- next
DROP TRIGGER IF EXISTS told_apikey_removed ON approvals_apikey
-- next
DROP TRIGGER IF EXISTS told_apikey_removed_whole ON approvals_apikey
-- next
DROP TRIGGER IF EXISTS told_calendar_born ON approvals_calendar
-- next
DROP TRIGGER IF EXISTS told_calendar_changed ON approvals_calendar
-- next
DROP TRIGGER IF EXISTS told_calendar_whole ON approvals_calendar
-- next
DROP TRIGGER IF EXISTS told_calendar_removed ON approvals_calendar
-- next
DROP TRIGGER IF EXISTS told_calendar_removed_whole ON approvals_calendar
-- next
DROP TRIGGER IF EXISTS told_client_born ON approvals_client
-- next
DROP TRIGGER IF EXISTS told_client_changed ON approvals_client
-- next
DROP TRIGGER IF EXISTS told_client_whole ON approvals_client
-- next
DROP TRIGGER IF EXISTS told_client_removed ON approvals_client
-- next
DROP TRIGGER IF EXISTS told_client_removed_whole ON approvals_client
-- next
DROP TRIGGER IF EXISTS told_desk_born ON approvals_desk
-- next
DROP TRIGGER IF EXISTS told_desk_changed ON approvals_desk
-- next
DROP TRIGGER IF EXISTS told_desk_whole ON approvals_desk
-- next
DROP TRIGGER IF EXISTS told_desk_removed ON approvals_desk
-- next
DROP TRIGGER IF EXISTS told_desk_removed_whole ON approvals_desk
-- next
DROP TRIGGER IF EXISTS told_duty_born ON approvals_duty
-- next
DROP TRIGGER IF EXISTS told_duty_changed ON approvals_duty
-- next
DROP TRIGGER IF EXISTS told_duty_whole ON approvals_duty
-- next
DROP TRIGGER IF EXISTS told_duty_removed ON approvals_duty
-- next
DROP TRIGGER IF EXISTS told_duty_removed_whole ON approvals_duty
-- next
DROP TRIGGER IF EXISTS told_employee_born ON approvals_employee
-- next
DROP TRIGGER IF EXISTS told_employee_changed ON approvals_employee
-- next
DROP TRIGGER IF EXISTS told_employee_whole ON approvals_employee
-- next
DROP TRIGGER IF EXISTS told_employee_removed ON approvals_employee
-- next
DROP TRIGGER IF EXISTS told_employee_removed_whole ON approvals_employee
-- next
DROP TRIGGER IF EXISTS told_exchangerate_born ON approvals_exchangerate
-- next
DROP TRIGGER IF EXISTS told_exchangerate_changed ON approvals_exchangerate
-- next
DROP TRIGGER IF EXISTS told_exchangerate_whole ON approvals_exchangerate
-- next
DROP TRIGGER IF EXISTS told_exchangerate_removed ON approvals_exchangerate
-- next
DROP TRIGGER IF EXISTS told_exchangerate_removed_whole ON approvals_exchangerate
-- next
DROP TRIGGER IF EXISTS told_flowlimit_born ON approvals_flowlimit
-- next
DROP TRIGGER IF EXISTS told_flowlimit_changed ON approvals_flowlimit
-- next
DROP TRIGGER IF EXISTS told_flowlimit_whole ON approvals_flowlimit
-- next
DROP TRIGGER IF EXISTS told_flowlimit_removed ON approvals_flowlimit
-- next
DROP TRIGGER IF EXISTS told_flowlimit_removed_whole ON approvals_flowlimit
-- next
DROP TRIGGER IF EXISTS told_holiday_born ON approvals_holiday
-- next
DROP TRIGGER IF EXISTS told_holiday_changed ON approvals_holiday
-- next
DROP TRIGGER IF EXISTS told_holiday_whole ON approvals_holiday
-- next
DROP TRIGGER IF EXISTS told_holiday_removed ON approvals_holiday
-- next
DROP TRIGGER IF EXISTS told_holiday_removed_whole ON approvals_holiday
-- next
DROP TRIGGER IF EXISTS told_hours_born ON approvals_hours
-- next
DROP TRIGGER IF EXISTS told_hours_changed ON approvals_hours
-- next
DROP TRIGGER IF EXISTS told_hours_whole ON approvals_hours
-- next
DROP TRIGGER IF EXISTS told_hours_removed ON approvals_hours
-- next
DROP TRIGGER IF EXISTS told_hours_removed_whole ON approvals_hours
-- next
DROP TRIGGER IF EXISTS told_membership_born ON approvals_membership
-- next
DROP TRIGGER IF EXISTS told_membership_changed ON approvals_membership
-- next
DROP TRIGGER IF EXISTS told_membership_whole ON approvals_membership
-- next
DROP TRIGGER IF EXISTS told_membership_removed ON approvals_membership
-- next
DROP TRIGGER IF EXISTS told_membership_removed_whole ON approvals_membership
-- next
DROP TRIGGER IF EXISTS told_person_born ON approvals_person
-- next
DROP TRIGGER IF EXISTS told_person_changed ON approvals_person
-- next
DROP TRIGGER IF EXISTS told_person_whole ON approvals_person
-- next
DROP TRIGGER IF EXISTS told_person_removed ON approvals_person
-- next
DROP TRIGGER IF EXISTS told_person_removed_whole ON approvals_person
-- next
DROP TRIGGER IF EXISTS told_subjectowner_born ON approvals_subjectowner
-- next
DROP TRIGGER IF EXISTS told_subjectowner_changed ON approvals_subjectowner
-- next
DROP TRIGGER IF EXISTS told_subjectowner_whole ON approvals_subjectowner
-- next
DROP TRIGGER IF EXISTS told_subjectowner_removed ON approvals_subjectowner
-- next
DROP TRIGGER IF EXISTS told_subjectowner_removed_whole ON approvals_subjectowner
-- next
DROP TRIGGER IF EXISTS entry_guard ON approvals_ledgerentry
-- next
DROP TRIGGER IF EXISTS approvals_ledgerentry_kept ON approvals_ledgerentry
-- next
DROP TRIGGER IF EXISTS approvals_ledgerentry_whole ON approvals_ledgerentry
-- next
DROP TRIGGER IF EXISTS approvals_ledgerposition_kept ON approvals_ledgerposition
-- next
DROP TRIGGER IF EXISTS approvals_ledgerposition_whole ON approvals_ledgerposition
-- next
DROP TRIGGER IF EXISTS position_next ON approvals_ledgerposition
-- next
DROP TRIGGER IF EXISTS pending_new ON approvals_ledgeroutbox
-- next
DROP TRIGGER IF EXISTS pending_moved ON approvals_ledgeroutbox
-- next
DROP TRIGGER IF EXISTS pending_numbered ON approvals_ledgeroutbox
-- next
DROP TRIGGER IF EXISTS pending_numbered_whole ON approvals_ledgeroutbox
-- next
DROP TRIGGER IF EXISTS action_guard ON approvals_action
-- next
DROP TRIGGER IF EXISTS approvals_action_fixed ON approvals_action
-- next
DROP TRIGGER IF EXISTS action_round ON approvals_action
-- next
DROP TRIGGER IF EXISTS action_rejection ON approvals_action
-- next
DROP TRIGGER IF EXISTS action_revision ON approvals_action
-- next
DROP TRIGGER IF EXISTS approvals_action_kept ON approvals_action
-- next
DROP TRIGGER IF EXISTS approvals_action_whole ON approvals_action
-- next
DROP TRIGGER IF EXISTS approvals_revision_kept ON approvals_revision
-- next
DROP TRIGGER IF EXISTS approvals_revision_whole ON approvals_revision
-- next
DROP TRIGGER IF EXISTS approvals_text_kept ON approvals_text
-- next
DROP TRIGGER IF EXISTS approvals_text_whole ON approvals_text
-- next
DROP TRIGGER IF EXISTS approvals_lookupresult_kept ON approvals_lookupresult
-- next
DROP TRIGGER IF EXISTS approvals_lookupresult_whole ON approvals_lookupresult
-- next
DROP TRIGGER IF EXISTS approvals_policyevaluation_kept ON approvals_policyevaluation
-- next
DROP TRIGGER IF EXISTS approvals_policyevaluation_whole ON approvals_policyevaluation
-- next
DROP TRIGGER IF EXISTS approvals_stage_fixed ON approvals_stage
-- next
DROP TRIGGER IF EXISTS stage_bar ON approvals_stage
-- next
DROP TRIGGER IF EXISTS stage_order ON approvals_stage
-- next
DROP TRIGGER IF EXISTS stage_frozen ON approvals_stage
-- next
DROP TRIGGER IF EXISTS approvals_stage_kept ON approvals_stage
-- next
DROP TRIGGER IF EXISTS approvals_stage_whole ON approvals_stage
-- next
DROP TRIGGER IF EXISTS approvals_attachment_fixed ON approvals_attachment
-- next
DROP TRIGGER IF EXISTS attachment_erased ON approvals_attachment
-- next
DROP TRIGGER IF EXISTS attachment_renamed ON approvals_attachment
-- next
DROP TRIGGER IF EXISTS attachment_detached ON approvals_attachment
-- next
DROP TRIGGER IF EXISTS attachment_taken ON approvals_attachment
-- next
DROP TRIGGER IF EXISTS attachment_taken_whole ON approvals_attachment
-- next
DROP TRIGGER IF EXISTS approvals_actionattachment_fixed ON approvals_actionattachment
-- next
DROP TRIGGER IF EXISTS attachment_salt ON approvals_actionattachment
-- next
DROP TRIGGER IF EXISTS attachment_foreign ON approvals_actionattachment
-- next
DROP TRIGGER IF EXISTS approvals_actionattachment_kept ON approvals_actionattachment
-- next
DROP TRIGGER IF EXISTS approvals_actionattachment_whole ON approvals_actionattachment
-- next
DROP TRIGGER IF EXISTS decision_whole ON approvals_decision
-- next
DROP TRIGGER IF EXISTS decision_bound ON approvals_decision
-- next
DROP TRIGGER IF EXISTS approvals_decision_kept ON approvals_decision
-- next
DROP TRIGGER IF EXISTS approvals_decision_whole ON approvals_decision
-- next
DROP TRIGGER IF EXISTS approvals_note_fixed ON approvals_note
-- next
DROP TRIGGER IF EXISTS approvals_note_kept ON approvals_note
-- next
DROP TRIGGER IF EXISTS approvals_note_whole ON approvals_note
-- next
DROP TRIGGER IF EXISTS approvals_execution_fixed ON approvals_execution
-- next
DROP TRIGGER IF EXISTS execution_born ON approvals_execution
-- next
DROP TRIGGER IF EXISTS execution_ends ON approvals_execution
-- next
DROP TRIGGER IF EXISTS execution_sent ON approvals_execution
-- next
DROP TRIGGER IF EXISTS execution_steps ON approvals_execution
-- next
DROP TRIGGER IF EXISTS execution_asked ON approvals_execution
-- next
DROP TRIGGER IF EXISTS approvals_execution_kept ON approvals_execution
-- next
DROP TRIGGER IF EXISTS approvals_execution_whole ON approvals_execution
-- next
DROP TRIGGER IF EXISTS approvals_attempt_kept ON approvals_attempt
-- next
DROP TRIGGER IF EXISTS approvals_attempt_whole ON approvals_attempt
-- next
DROP TRIGGER IF EXISTS approvals_stoprequest_kept ON approvals_stoprequest
-- next
DROP TRIGGER IF EXISTS approvals_stoprequest_whole ON approvals_stoprequest
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_fixed ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS standing_over ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_kept ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_whole ON approvals_standingrule
-- next
DROP TRIGGER IF EXISTS approvals_standinguse_kept ON approvals_standinguse
-- next
DROP TRIGGER IF EXISTS approvals_standinguse_whole ON approvals_standinguse
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_fixed ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS sample_checked ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_kept ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_whole ON approvals_samplecheck
-- next
DROP TRIGGER IF EXISTS approvals_halt_fixed ON approvals_halt
-- next
DROP TRIGGER IF EXISTS halt_lifted ON approvals_halt
-- next
DROP TRIGGER IF EXISTS approvals_halt_kept ON approvals_halt
-- next
DROP TRIGGER IF EXISTS approvals_halt_whole ON approvals_halt
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_fixed ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS break_glass_over ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_kept ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_whole ON approvals_breakglass
-- next
DROP TRIGGER IF EXISTS approvals_breakglassuse_kept ON approvals_breakglassuse
-- next
DROP TRIGGER IF EXISTS approvals_breakglassuse_whole ON approvals_breakglassuse
-- next
DROP TRIGGER IF EXISTS approvals_tightening_fixed ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS tightening_reviewed ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS approvals_tightening_kept ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS approvals_tightening_whole ON approvals_tightening
-- next
DROP TRIGGER IF EXISTS approvals_installation_kept ON approvals_installation
-- next
DROP TRIGGER IF EXISTS approvals_installation_whole ON approvals_installation
-- next
DROP TRIGGER IF EXISTS approvals_restore_kept ON approvals_restore
-- next
DROP TRIGGER IF EXISTS approvals_restore_whole ON approvals_restore
-- next
DROP TRIGGER IF EXISTS approvals_restoreend_kept ON approvals_restoreend
-- next
DROP TRIGGER IF EXISTS approvals_restoreend_whole ON approvals_restoreend
-- next
DROP TRIGGER IF EXISTS approvals_lostdispatch_kept ON approvals_lostdispatch
-- next
DROP TRIGGER IF EXISTS approvals_lostdispatch_whole ON approvals_lostdispatch
-- next
DROP TRIGGER IF EXISTS approvals_absence_fixed ON approvals_absence
-- next
DROP TRIGGER IF EXISTS absence_ended ON approvals_absence
-- next
DROP TRIGGER IF EXISTS approvals_absence_kept ON approvals_absence
-- next
DROP TRIGGER IF EXISTS approvals_absence_whole ON approvals_absence
-- next
DROP TRIGGER IF EXISTS approvals_delegation_fixed ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS delegation_ended ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS approvals_delegation_kept ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS approvals_delegation_whole ON approvals_delegation
-- next
DROP TRIGGER IF EXISTS approvals_export_fixed ON approvals_export
-- next
DROP TRIGGER IF EXISTS export_told ON approvals_export
-- next
DROP TRIGGER IF EXISTS export_ended ON approvals_export
-- next
DROP TRIGGER IF EXISTS approvals_export_kept ON approvals_export
-- next
DROP TRIGGER IF EXISTS approvals_export_whole ON approvals_export
-- next
DROP TRIGGER IF EXISTS approvals_webhook_kept ON approvals_webhook
-- next
DROP TRIGGER IF EXISTS approvals_webhook_whole ON approvals_webhook
-- next
DROP TRIGGER IF EXISTS approvals_webhookcursor_fixed ON approvals_webhookcursor
-- next
DROP TRIGGER IF EXISTS webhook_passed ON approvals_webhookcursor
-- next
DROP TRIGGER IF EXISTS approvals_webhookcursor_kept ON approvals_webhookcursor
-- next
DROP TRIGGER IF EXISTS approvals_webhookcursor_whole ON approvals_webhookcursor
-- next
DROP TRIGGER IF EXISTS approvals_webhookdelivery_fixed ON approvals_webhookdelivery
-- next
DROP TRIGGER IF EXISTS webhook_dropped ON approvals_webhookdelivery
-- next
DROP TRIGGER IF EXISTS webhook_waiting ON approvals_webhookdelivery
-- next
DROP TRIGGER IF EXISTS webhook_waiting_whole ON approvals_webhookdelivery
-- next
DROP TRIGGER IF EXISTS approvals_webhookattempt_fixed ON approvals_webhookattempt
-- next
DROP TRIGGER IF EXISTS webhook_tried ON approvals_webhookattempt
-- next
DROP TRIGGER IF EXISTS webhook_tried_whole ON approvals_webhookattempt
-- next
DROP TRIGGER IF EXISTS approvals_historicalabsence_kept ON approvals_historicalabsence
-- next
DROP TRIGGER IF EXISTS approvals_historicalabsence_whole ON approvals_historicalabsence
-- next
DROP TRIGGER IF EXISTS approvals_historicalaction_kept ON approvals_historicalaction
-- next
DROP TRIGGER IF EXISTS approvals_historicalaction_whole ON approvals_historicalaction
-- next
DROP TRIGGER IF EXISTS approvals_historicalactiontype_kept ON approvals_historicalactiontype
-- next
DROP TRIGGER IF EXISTS approvals_historicalactiontype_whole ON approvals_historicalactiontype
-- next
DROP TRIGGER IF EXISTS approvals_historicalagent_kept ON approvals_historicalagent
-- next
DROP TRIGGER IF EXISTS approvals_historicalagent_whole ON approvals_historicalagent
-- next
DROP TRIGGER IF EXISTS approvals_historicalapikey_kept ON approvals_historicalapikey
-- next
DROP TRIGGER IF EXISTS approvals_historicalapikey_whole ON approvals_historicalapikey
-- next
DROP TRIGGER IF EXISTS approvals_historicalbreakglass_kept ON approvals_historicalbreakglass
-- next
DROP TRIGGER IF EXISTS approvals_historicalbreakglass_whole ON approvals_historicalbreakglass
-- next
DROP TRIGGER IF EXISTS approvals_historicalcalendar_kept ON approvals_historicalcalendar
-- next
DROP TRIGGER IF EXISTS approvals_historicalcalendar_whole ON approvals_historicalcalendar
-- next
DROP TRIGGER IF EXISTS approvals_historicaldelegation_kept ON approvals_historicaldelegation
-- next
DROP TRIGGER IF EXISTS approvals_historicaldelegation_whole ON approvals_historicaldelegation
-- next
DROP TRIGGER IF EXISTS approvals_historicaldesk_kept ON approvals_historicaldesk
-- next
DROP TRIGGER IF EXISTS approvals_historicaldesk_whole ON approvals_historicaldesk
-- next
DROP TRIGGER IF EXISTS approvals_historicalduty_kept ON approvals_historicalduty
-- next
DROP TRIGGER IF EXISTS approvals_historicalduty_whole ON approvals_historicalduty
-- next
DROP TRIGGER IF EXISTS approvals_historicalemployee_kept ON approvals_historicalemployee
-- next
DROP TRIGGER IF EXISTS approvals_historicalemployee_whole ON approvals_historicalemployee
-- next
DROP TRIGGER IF EXISTS approvals_historicalexchangerate_kept ON approvals_historicalexchangerate
-- next
DROP TRIGGER IF EXISTS approvals_historicalexchangerate_whole ON approvals_historicalexchangerate
-- next
DROP TRIGGER IF EXISTS approvals_historicalflowlimit_kept ON approvals_historicalflowlimit
-- next
DROP TRIGGER IF EXISTS approvals_historicalflowlimit_whole ON approvals_historicalflowlimit
-- next
DROP TRIGGER IF EXISTS approvals_historicalhalt_kept ON approvals_historicalhalt
-- next
DROP TRIGGER IF EXISTS approvals_historicalhalt_whole ON approvals_historicalhalt
-- next
DROP TRIGGER IF EXISTS approvals_historicalholiday_kept ON approvals_historicalholiday
-- next
DROP TRIGGER IF EXISTS approvals_historicalholiday_whole ON approvals_historicalholiday
-- next
DROP TRIGGER IF EXISTS approvals_historicalhours_kept ON approvals_historicalhours
-- next
DROP TRIGGER IF EXISTS approvals_historicalhours_whole ON approvals_historicalhours
-- next
DROP TRIGGER IF EXISTS approvals_historicalmembership_kept ON approvals_historicalmembership
-- next
DROP TRIGGER IF EXISTS approvals_historicalmembership_whole ON approvals_historicalmembership
-- next
DROP TRIGGER IF EXISTS approvals_historicalperson_kept ON approvals_historicalperson
-- next
DROP TRIGGER IF EXISTS approvals_historicalperson_whole ON approvals_historicalperson
-- next
DROP TRIGGER IF EXISTS approvals_historicalsamplecheck_kept ON approvals_historicalsamplecheck
-- next
DROP TRIGGER IF EXISTS approvals_historicalsamplecheck_whole ON approvals_historicalsamplecheck
-- next
DROP TRIGGER IF EXISTS approvals_historicalstage_kept ON approvals_historicalstage
-- next
DROP TRIGGER IF EXISTS approvals_historicalstage_whole ON approvals_historicalstage
-- next
DROP TRIGGER IF EXISTS approvals_historicalstandingrule_kept ON approvals_historicalstandingrule
-- next
DROP TRIGGER IF EXISTS approvals_historicalstandingrule_whole ON approvals_historicalstandingrule
-- next
DROP TRIGGER IF EXISTS approvals_historicalsubjectowner_kept ON approvals_historicalsubjectowner
-- next
DROP TRIGGER IF EXISTS approvals_historicalsubjectowner_whole ON approvals_historicalsubjectowner
-- next
DROP TRIGGER IF EXISTS approvals_historicaltightening_kept ON approvals_historicaltightening
-- next
DROP TRIGGER IF EXISTS approvals_historicaltightening_whole ON approvals_historicaltightening
-- next
DROP TRIGGER IF EXISTS approvals_historicalwebhook_kept ON approvals_historicalwebhook
-- next
DROP TRIGGER IF EXISTS approvals_historicalwebhook_whole ON approvals_historicalwebhook
