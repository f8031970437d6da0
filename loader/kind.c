#include "loader/kind.h"
#include <string.h>

/* The table. A row: name, type, then what is not usual about it. */
static const struct field patent_fields[] = {
    {.name = "application_number",
     .type = FIELD_APPLICATION,
     .required = true,
     .instead = "publication_number"},
    {.name = "publication_number", .type = FIELD_PUBLICATION},
    {.name = "kind", .type = FIELD_ENUM},
    {.name = "type", .type = FIELD_ENUM},
    {.name = "title", .type = FIELD_NAME, .required = true},
    {.name = "abstract", .type = FIELD_TEXT},
    {.name = "claims", .type = FIELD_TEXT},
    {.name = "description", .type = FIELD_TEXT, .joined = true},
    {.name = "applicants", .type = FIELD_NAME, .list = true},
    {.name = "assignees", .type = FIELD_NAME, .list = true},
    {.name = "inventors", .type = FIELD_NAME, .list = true},
    {.name = "ipc", .type = FIELD_IPC, .list = true, .joined = true},
    {.name = "cpc", .type = FIELD_CPC, .list = true, .joined = true},
    {.name = "locarno", .type = FIELD_LOCARNO, .list = true, .joined = true},
    {.name = "keywords", .type = FIELD_NAME, .list = true, .joined = true},
    {.name = "application_date", .type = FIELD_DATE},
    {.name = "publication_date", .type = FIELD_DATE},
    {.name = "grant_date", .type = FIELD_DATE},
    {.name = "legal_status", .type = FIELD_ENUM},
    {.name = "legal_status_date", .type = FIELD_DATE},
    {.name = "region", .type = FIELD_NAME},
    {.name = "address", .type = FIELD_NAME},
    {.name = "agent_institution", .type = FIELD_NAME},
    {.name = "family", .type = FIELD_NAME, .list = true, .joined = true},
    {.name = "offer.mode", .type = FIELD_ENUM, .list = true},
    {.name = "offer.price_fen", .type = FIELD_MONEY},
    {.name = "offer.valid_from", .type = FIELD_DATE},
    {.name = "offer.valid_to", .type = FIELD_DATE},
    {.name = "held_since", .type = FIELD_DATE},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct group patent_groups[] = {
    {.name = "offer"},
};
static const struct field agency_fields[] = {
    {.name = "code", .type = FIELD_CODE, .required = true},
    {.name = "uscc", .type = FIELD_USCC},
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "zone_settled_date", .type = FIELD_DATE},
    {.name = "zone_first", .type = FIELD_YES_NO},
    {.name = "zone_left_date", .type = FIELD_DATE},
    {.name = "staff_attorneys", .type = FIELD_INTEGER, .min = 0, .max = 1000000},
    {.name = "staff_lawyers", .type = FIELD_INTEGER, .min = 0, .max = 1000000},
    {.name = "entrusted_by", .type = FIELD_NAME},
    {.name = "entrusted_date", .type = FIELD_DATE},
    {.name = "pilot_open_licence", .type = FIELD_YES_NO},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field enterprise_fields[] = {
    {.name = "uscc", .type = FIELD_USCC, .required = true},
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "division_code", .type = FIELD_DIVISION, .required = true},
    {.name = "industry", .type = FIELD_NAME},
    {.name = "products", .type = FIELD_NAME, .list = true},
    {.name = "profile", .type = FIELD_TEXT, .joined = true},
    {.name = "qualifications.kind", .type = FIELD_OPEN_ENUM, .required = true},
    {.name = "qualifications.certificate", .type = FIELD_NAME, .required = true},
    {.name = "qualifications.valid_from", .type = FIELD_DATE, .required = true},
    {.name = "qualifications.valid_to", .type = FIELD_DATE},
    {.name = "contacts.name", .type = FIELD_NAME},
    {.name = "contacts.phone", .type = FIELD_NAME, .joined = true},
    {.name = "contacts.email", .type = FIELD_EMAIL, .joined = true},
    {.name = "contacts.wecom", .type = FIELD_NAME},
    {.name = "contacts.role", .type = FIELD_NAME},
    {.name = "affiliates", .type = FIELD_ORGANISATION, .list = true},
    {.name = "push.channels", .type = FIELD_ENUM, .list = true},
    {.name = "push.weekly_limit", .type = FIELD_INTEGER, .min = 0, .max = 1000},
    {.name = "push.quiet", .type = FIELD_QUIET},
    {.name = "held_since", .type = FIELD_DATE},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct group enterprise_groups[] = {
    {.name = "qualifications", .list = true},
    {.name = "contacts", .list = true, .plain = "name"},
    {.name = "push"},
};
static const struct field expert_fields[] = {
    {.name = "source_id", .type = FIELD_NAME},
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "employer", .type = FIELD_NAME, .required = true},
    {.name = "fields", .type = FIELD_NAME, .required = true, .list = true},
    {.name = "ipc", .type = FIELD_IPC, .list = true, .joined = true},
    {.name = "title", .type = FIELD_NAME},
    {.name = "profile", .type = FIELD_TEXT},
    {.name = "consent_date", .type = FIELD_DATE, .required = true},
    {.name = "contacts.name", .type = FIELD_NAME},
    {.name = "contacts.phone", .type = FIELD_NAME, .joined = true},
    {.name = "contacts.email", .type = FIELD_EMAIL, .joined = true},
    {.name = "contacts.wecom", .type = FIELD_NAME},
    {.name = "contacts.role", .type = FIELD_NAME},
    {.name = "held_since", .type = FIELD_DATE},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct group expert_groups[] = {
    {.name = "contacts", .list = true, .plain = "name"},
};
static const struct field institution_fields[] = {
    {.name = "uscc", .type = FIELD_USCC, .required = true},
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "kind", .type = FIELD_ENUM, .required = true},
    {.name = "code", .type = FIELD_AGENCY_CODE},
    {.name = "services", .type = FIELD_NAME, .list = true},
    {.name = "division_code", .type = FIELD_DIVISION},
    {.name = "held_since", .type = FIELD_DATE},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field need_fields[] = {
    {.name = "source_id", .type = FIELD_NAME, .required = true},
    {.name = "enterprise_uscc",
     .type = FIELD_USCC,
     .required = true,
     .instead = "enterprise_name"},
    {.name = "enterprise_name", .type = FIELD_NAME},
    {.name = "title", .type = FIELD_NAME},
    {.name = "text", .type = FIELD_TEXT, .required = true, .joined = true},
    {.name = "ipc", .type = FIELD_IPC, .list = true, .joined = true},
    {.name = "cooperation", .type = FIELD_ENUM, .list = true},
    {.name = "budget_fen", .type = FIELD_MONEY},
    {.name = "valid_from", .type = FIELD_DATE, .required = true},
    {.name = "valid_to", .type = FIELD_DATE},
    {.name = "state", .type = FIELD_ENUM},
    {.name = "accepted_date", .type = FIELD_DATE},
    {.name = "accepted_by", .type = FIELD_NAME},
    {.name = "contact", .type = FIELD_NAME, .joined = true},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field deal_fields[] = {
    {.name = "contract_number", .type = FIELD_NAME, .required = true},
    {.name = "registration_number", .type = FIELD_REGISTRATION},
    {.name = "registration_date", .type = FIELD_DATE},
    {.name = "mode", .type = FIELD_ENUM, .required = true},
    {.name = "rights.type", .type = FIELD_ENUM},
    {.name = "rights.office", .type = FIELD_NAME},
    {.name = "rights.number", .type = FIELD_RIGHT, .required = true, .joined = true},
    {.name = "seller.name", .type = FIELD_NAME},
    {.name = "seller.uscc", .type = FIELD_USCC},
    {.name = "buyer.name", .type = FIELD_NAME},
    {.name = "buyer.uscc", .type = FIELD_USCC},
    {.name = "amount_fen", .type = FIELD_MONEY, .required = true},
    {.name = "payments.date", .type = FIELD_DATE},
    {.name = "payments.amount_fen", .type = FIELD_MONEY},
    {.name = "contract_date", .type = FIELD_DATE, .required = true},
    {.name = "affiliated", .type = FIELD_YES_NO},
    {.name = "led_by_agency", .type = FIELD_YES_NO},
    {.name = "implemented_division", .type = FIELD_DIVISION},
    {.name = "implemented_date", .type = FIELD_DATE},
    {.name = "upper_grant_fen", .type = FIELD_MONEY},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct group deal_groups[] = {
    {.name = "rights", .list = true, .required = true, .plain = "number"},
    {.name = "seller", .required = true, .plain = "name"},
    {.name = "buyer", .required = true, .plain = "name"},
    {.name = "payments", .list = true},
};
static const struct field declared_push_fields[] = {
    {.name = "patent", .type = FIELD_PATENT, .required = true},
    {.name = "enterprise_uscc", .type = FIELD_USCC, .required = true},
    {.name = "sent_date", .type = FIELD_DATE, .required = true},
    {.name = "channel", .type = FIELD_ENUM, .required = true},
    {.name = "evidence", .type = FIELD_EVIDENCE, .required = true},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field open_licence_fields[] = {
    {.name = "patent", .type = FIELD_PATENT, .required = true},
    {.name = "patentee", .type = FIELD_NAME, .required = true},
    {.name = "statement_number", .type = FIELD_NAME},
    {.name = "published_date", .type = FIELD_DATE, .required = true},
    {.name = "fee_terms", .type = FIELD_TEXT, .required = true},
    {.name = "valid_to", .type = FIELD_DATE},
    {.name = "industry", .type = FIELD_NAME},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field loan_fields[] = {
    {.name = "contract_number", .type = FIELD_NAME, .required = true},
    {.name = "bank", .type = FIELD_NAME, .required = true},
    {.name = "borrower_uscc", .type = FIELD_USCC, .required = true},
    {.name = "granted_fen", .type = FIELD_MONEY, .required = true},
    {.name = "drawn_date", .type = FIELD_DATE, .required = true},
    {.name = "rights.type", .type = FIELD_ENUM},
    {.name = "rights.number", .type = FIELD_RIGHT, .required = true, .joined = true},
    {.name = "collateral", .type = FIELD_ENUM, .required = true},
    {.name = "real_estate_appraised_fen", .type = FIELD_MONEY},
    {.name = "real_estate_credit_fen", .type = FIELD_MONEY},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct group loan_groups[] = {
    {.name = "rights", .list = true, .required = true, .plain = "number"},
};
static const struct field sale_fields[] = {
    {.name = "invoice", .type = FIELD_NAME, .required = true},
    {.name = "client", .type = FIELD_NAME, .required = true},
    {.name = "amount_fen",
     .type = FIELD_MONEY,
     .required = true,
     .min = -MONEY_MAX,
     .max = MONEY_MAX},
    {.name = "date", .type = FIELD_DATE, .required = true},
    {.name = "service", .type = FIELD_NAME, .required = true},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field event_fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "kind", .type = FIELD_ENUM, .required = true},
    {.name = "partner", .type = FIELD_NAME, .required = true},
    {.name = "announced_date", .type = FIELD_DATE},
    {.name = "start", .type = FIELD_DATE, .required = true},
    {.name = "end", .type = FIELD_DATE, .required = true},
    {.name = "attendance", .type = FIELD_INTEGER, .required = true, .min = 0, .max = 100000000},
    {.name = "place", .type = FIELD_NAME},
    {.name = "subject", .type = FIELD_NAME},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field navigation_project_fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "enterprise_uscc", .type = FIELD_USCC, .required = true},
    {.name = "approved_date", .type = FIELD_DATE},
    {.name = "approval_number", .type = FIELD_NAME},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field attorney_fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "practice_number", .type = FIELD_PRACTICE, .required = true},
    {.name = "practising_from", .type = FIELD_DATE},
    {.name = "practising_to", .type = FIELD_DATE},
    {.name = "contract_from", .type = FIELD_DATE, .required = true},
    {.name = "contract_to", .type = FIELD_DATE, .required = true},
    {.name = "service_from", .type = FIELD_DATE, .required = true},
    {.name = "service_to", .type = FIELD_DATE},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field case_fields[] = {
    {.name = "number", .type = FIELD_NAME, .required = true},
    {.name = "kind", .type = FIELD_ENUM, .required = true},
    {.name = "client", .type = FIELD_NAME, .required = true},
    {.name = "succeeded_date", .type = FIELD_DATE, .required = true},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field client_fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true},
    {.name = "uscc", .type = FIELD_USCC},
    {.name = "top500_year", .type = FIELD_INTEGER, .min = 1990, .max = 2100},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct field platform_review_fields[] = {
    {.name = "approval_number", .type = FIELD_NAME, .required = true},
    {.name = "approved_date", .type = FIELD_DATE, .required = true},
    {.name = "functions.kind", .type = FIELD_ENUM, .required = true},
    {.name = "functions.evidence", .type = FIELD_NAME},
    {.name = "documents", .type = FIELD_EVIDENCE, .list = true, .joined = true},
    {.name = "invented", .type = FIELD_YES_NO},
    {.name = "source", .type = FIELD_NAME},
};
static const struct group platform_review_groups[] = {
    {.name = "functions", .list = true},
};

/* clang-format off */
#define FIELDS(a) .fields = (a), .field_count = sizeof(a) / sizeof *(a)
#define GROUPS(a) .groups = (a), .group_count = sizeof(a) / sizeof *(a)
static const struct kind kinds[] = {
    {.name = "patent", .zh = "专利", FIELDS(patent_fields), GROUPS(patent_groups), .key = {"application_number"}},
    {.name = "agency", .zh = "运营服务机构", FIELDS(agency_fields), .key = {"code"}},
    {.name = "enterprise", .zh = "企业", FIELDS(enterprise_fields), GROUPS(enterprise_groups), .key = {"uscc"}},
    {.name = "expert", .zh = "专家", FIELDS(expert_fields), GROUPS(expert_groups), .key = {"name", "employer"}},
    {.name = "institution", .zh = "服务机构", FIELDS(institution_fields), .key = {"uscc"}},
    {.name = "need", .zh = "技术需求", .fact = true, FIELDS(need_fields), .key = {"source_id"}},
    {.name = "deal", .zh = "交易合同", .fact = true, FIELDS(deal_fields), GROUPS(deal_groups), .key = {"contract_number"}},
    {.name = "declared_push", .zh = "申报推送", .fact = true, FIELDS(declared_push_fields), .key = {"patent", "enterprise_uscc"}},
    {.name = "open_licence", .zh = "开放许可", .fact = true, FIELDS(open_licence_fields), .key = {"patent"}},
    {.name = "loan", .zh = "质押贷款", .fact = true, FIELDS(loan_fields), GROUPS(loan_groups), .key = {"contract_number"}},
    {.name = "sale", .zh = "服务收入", .fact = true, FIELDS(sale_fields), .key = {"invoice"}},
    {.name = "event", .zh = "活动", .fact = true, FIELDS(event_fields), .key = {"name", "start"}},
    {.name = "navigation_project", .zh = "专利导航项目", .fact = true, FIELDS(navigation_project_fields), .key = {"name", "enterprise_uscc"}},
    {.name = "attorney", .zh = "专利代理师", .fact = true, FIELDS(attorney_fields), .key = {"practice_number"}},
    {.name = "case", .zh = "案件", .fact = true, FIELDS(case_fields), .key = {"number"}},
    {.name = "client", .zh = "客户", .fact = true, FIELDS(client_fields), .key = {"name"}},
    {.name = "platform_review", .zh = "平台评审", .fact = true, FIELDS(platform_review_fields), GROUPS(platform_review_groups), .key = {"approval_number"}},
};
/* clang-format on */

const struct kind *kind_list(size_t *count)
{
    *count = sizeof kinds / sizeof *kinds;
    return kinds;
}

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const struct field *kind_field(const struct kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->field_count; i++)
        if (strcmp(kind->fields[i].name, name) == 0)
            return &kind->fields[i];
    return NULL;
}

const struct group *kind_group(const struct kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->group_count; i++)
        if (strcmp(kind->groups[i].name, name) == 0)
            return &kind->groups[i];
    return NULL;
}
