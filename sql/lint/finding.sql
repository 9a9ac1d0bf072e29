-- All findings, for use in psql: select * from lint.finding.
create or replace view lint.finding as
select rule, object, detail from lint.layer_violation
union all select rule, object, detail from lint.missing_comment
union all select rule, object, detail from lint.public_execute
union all select rule, object, detail from lint.wrong_grant
union all select rule, object, detail from lint.unpinned_search_path
union all select rule, object, detail from lint.misplaced_definer
union all select rule, object, detail from lint.overloaded_function
union all select rule, object, detail from lint.unparsed_body
union all select rule, object, detail from lint.unindexed_foreign_key
union all select rule, object, detail from lint.stray_object
union all select rule, object, detail from lint.unnamed_constraint
union all select rule, object, detail from lint.unfit_type
union all select rule, object, detail from lint.unrefreshable_view
union all select rule, object, detail from lint.crowded_folder
union all select rule, object, detail from lint.shelf_circle
union all select rule, object, detail from lint.unused_function
union all select rule, object, detail from lint.missing_trigger;
