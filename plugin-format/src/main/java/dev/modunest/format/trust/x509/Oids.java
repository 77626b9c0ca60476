package dev.modunest.format.trust.x509;

/** Object identifiers of extensions and key purposes (RFC 5280 4.2, Fulcio's oid-info). */
public final class Oids {

    public static final String SUBJECT_KEY_ID = "2.5.29.14";
    public static final String KEY_USAGE = "2.5.29.15";
    public static final String SUBJECT_ALT_NAME = "2.5.29.17";
    public static final String BASIC_CONSTRAINTS = "2.5.29.19";
    public static final String ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    public static final String NAME_CONSTRAINTS = "2.5.29.30";
    public static final String CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    public static final String CERTIFICATE_POLICIES = "2.5.29.32";
    public static final String AUTHORITY_KEY_ID = "2.5.29.35";
    public static final String POLICY_CONSTRAINTS = "2.5.29.36";
    public static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    public static final String AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    public static final String SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";

    public static final String ANY_PURPOSE = "2.5.29.37.0";
    public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    public static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    public static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

    public static final String COMMON_NAME = "2.5.4.3";

    /** Fulcio's issuer as bare text, superseded by {@link #OIDC_ISSUER}. */
    public static final String OIDC_ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";

    public static final String OIDC_ISSUER = "1.3.6.1.4.1.57264.1.8";
    public static final String BUILD_SIGNER_URI = "1.3.6.1.4.1.57264.1.9";
    public static final String SOURCE_REPOSITORY_URI = "1.3.6.1.4.1.57264.1.12";
    public static final String SOURCE_REPOSITORY_ID = "1.3.6.1.4.1.57264.1.15";

    private Oids() {}
}
