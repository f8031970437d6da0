/* oid.h - types of columns by pg_type.oid, which are the same in every database. Internal to sql/. */
#pragma once

enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_TEXT_ARRAY = 1009,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_JSONB = 3802
};
