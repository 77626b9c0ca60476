package dev.modunest.server.problem;

import dev.modunest.format.http.Problem;

import io.helidon.http.Status;

/** Every way in which a request fails. {@code docs/api/problems.md} tells what to do about each. */
public enum ProblemCode {
    BAD_REQUEST(400, "bad-request", "The request is not HTTP as this server reads it"),
    CHANGE_INVALID(400, "change-invalid", "The change cannot be read"),
    COORDINATE_INVALID(400, "coordinate-invalid", "The path names no plugin or release"),
    DIGEST_HEADER_INVALID(400, "digest-header-invalid", "The digest header cannot be read"),
    DIGEST_MISMATCH(400, "digest-mismatch", "The bytes received are not the bytes announced"),
    IDEMPOTENCY_KEY_INVALID(
            400, "idempotency-key-invalid", "The Idempotency-Key header cannot be read"),
    PARAMETER_INVALID(400, "parameter-invalid", "A parameter has a bad value"),
    RESOLVE_REQUEST_INVALID(400, "resolve-request-invalid", "The resolve request cannot be read"),
    SIGNING_REQUEST_INVALID(
            400, "signing-request-invalid", "The certification request cannot be read"),
    DOWNLOADS_INVALID(400, "downloads-invalid", "The counts of downloads cannot be read"),
    CHECKPOINT_MALFORMED(400, "checkpoint-malformed", "The checkpoint cannot be read"),
    UPLOAD_TRUNCATED(400, "upload-truncated", "The body ended before its announced end"),
    TOKEN_REQUIRED(401, "token-required", "This needs a token"),
    TOKEN_EXPIRED(401, "token-expired", "The token has expired"),
    TOKEN_REVOKED(401, "token-revoked", "The token was revoked"),
    TOKEN_UNKNOWN(401, "token-unknown", "The token is not known"),
    DOWNLOADS_REFUSED(403, "downloads-refused", "The counts come from no edge of this registry"),
    SIGN_IN_STALE(403, "sign-in-stale", "This needs a fresh sign-in"),
    CODE_WRONG(403, "code-wrong", "The code is wrong"),
    SIGN_IN_REFUSED(401, "sign-in-refused", "The sign-in was refused"),
    ACCESS_DENIED(403, "access-denied", "What was granted does not include this"),
    SCOPE_INSUFFICIENT(403, "scope-insufficient", "The token is limited to other things"),
    TRUSTED_PUBLISHING_REQUIRED(
            403, "trusted-publishing-required", "The plugin takes releases from its CI alone"),
    CHECKPOINT_UNSIGNED(403, "checkpoint-unsigned", "The checkpoint is not of its log"),
    ENROLMENT_REFUSED(403, "enrolment-refused", "The code enrols no host"),
    CROSS_SITE(403, "cross-site", "The request comes from another site"),
    ADMINISTRATOR_REQUIRED(403, "administrator-required", "Only administrators may do this"),
    NAMESPACE_FOREIGN(403, "namespace-foreign", "The namespace belongs to another account"),
    ROUTE_UNKNOWN(404, "route-unknown", "There is nothing at this path"),
    SESSION_UNKNOWN(404, "session-unknown", "There is no such session"),
    TOKEN_ABSENT(404, "token-absent", "There is no such token"),
    NAMESPACE_UNKNOWN(404, "namespace-unknown", "There is no such namespace"),
    PLUGIN_UNKNOWN(404, "plugin-unknown", "There is no such plugin"),
    RELEASE_UNKNOWN(404, "release-unknown", "There is no such release"),
    ENROLMENT_UNKNOWN(404, "enrolment-unknown", "There is no such enrolment"),
    CERTIFICATE_UNKNOWN(404, "certificate-unknown", "The namespace has no such certificate"),
    PKI_UNKNOWN(404, "pki-unknown", "There is no such certificate or list"),
    TRUSTED_PUBLISHER_UNKNOWN(
            404, "trusted-publisher-unknown", "The plugin has no such trusted publisher"),
    PUBLISH_UNKNOWN(404, "publish-unknown", "There is no such publish"),
    ACCOUNT_UNKNOWN(404, "account-unknown", "There is no such account"),
    ORGANIZATION_UNKNOWN(404, "organization-unknown", "There is no such organization"),
    MEMBER_UNKNOWN(404, "member-unknown", "The account is not in it"),
    TEAM_UNKNOWN(404, "team-unknown", "There is no such team"),
    HOST_UNKNOWN(404, "host-unknown", "There is no such host"),
    GRANT_UNKNOWN(404, "grant-unknown", "There is no such grant"),
    TRANSFER_UNKNOWN(404, "transfer-unknown", "The namespace is not offered"),
    CHALLENGE_UNKNOWN(404, "challenge-unknown", "There is no challenge to be checked"),
    LOG_UNKNOWN(404, "log-unknown", "No checkpoints of this log are cosigned here"),
    TUF_FILE_UNKNOWN(404, "tuf-file-unknown", "There is no such file of TUF"),
    LOG_FILE_UNKNOWN(404, "log-file-unknown", "The log has no such file"),
    STATEMENT_UNKNOWN(404, "statement-unknown", "There is no such statement"),
    ARTIFACT_UNKNOWN(404, "artifact-unknown", "There is no such artifact"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "The path does not know this method"),
    UPLOAD_TOO_SLOW(408, "upload-too-slow", "The upload took too long"),
    LOCK_OUTDATED(409, "lock-outdated", "The lock does not hold any more"),
    ACCOUNT_EXISTS(409, "account-exists", "The name of the account is taken"),
    ADMINISTRATOR_LAST(409, "administrator-last", "There would be no administrator left"),
    CERTIFICATE_REVOKED(409, "certificate-revoked", "The certificate is revoked already"),
    TOKENS_TOO_MANY(409, "tokens-too-many", "The account has as many tokens as it may have"),
    HOST_KEY_TAKEN(409, "host-key-taken", "A host has this key already"),
    TRUSTED_PUBLISHER_EXISTS(
            409, "trusted-publisher-exists", "The plugin trusts this publisher already"),
    VERSION_EXISTS(409, "version-exists", "The version is published already"),
    NAME_TAKEN(409, "name-taken", "The name is taken"),
    LAST_OWNER(409, "last-owner", "The organization would have no owner"),
    LIMIT_REACHED(409, "limit-reached", "There are as many as may be"),
    DELETE_REFUSED(409, "delete-refused", "Others depend on what is to be deleted"),
    RESOLUTION_CONFLICT(409, "resolution-conflict", "No set of releases satisfies all ranges"),
    RELEASE_DELETED(410, "release-deleted", "The release was deleted"),
    UPLOAD_TOO_LARGE(413, "upload-too-large", "The artifact is larger than the limit"),
    BODY_TOO_LARGE(413, "body-too-large", "The request body is larger than the limit"),
    CHUNK_TOO_LARGE(413, "chunk-too-large", "A chunk of the body is larger than the limit"),
    URI_TOO_LONG(414, "uri-too-long", "The request line is longer than the limit"),
    MEDIA_TYPE_UNSUPPORTED(415, "media-type-unsupported", "The body is not sent as a jar"),
    RANGE_UNSATISFIABLE(416, "range-unsatisfiable", "The range lies outside the artifact"),
    RANGE_MALFORMED(416, "range-malformed", "The Range header cannot be read"),
    KEY_COMPROMISED(422, "key-compromised", "Others have this key"),
    CHECKPOINT_INCONSISTENT(422, "checkpoint-inconsistent", "The log did not only grow"),
    PASSWORD_WEAK(422, "password-weak", "The password is too easily guessed"),
    ARCHIVE_REFUSED(422, "archive-refused", "The archive is not a plugin"),
    SIGNATURE_REFUSED(422, "signature-refused", "The publisher's signature is not taken"),
    SIGNATURE_REQUIRED(422, "signature-required", "The release needs its publisher's signature"),
    COORDINATE_MISMATCH(422, "coordinate-mismatch", "Manifest and path name different releases"),
    DEPENDENCY_UNRESOLVABLE(422, "dependency-unresolvable", "A requirement has no release"),
    IDEMPOTENCY_KEY_REUSED(
            422, "idempotency-key-reused", "The Idempotency-Key belongs to another request"),
    INDEX_FULL(422, "index-full", "The plugin has no room in the index"),
    NAME_LOOK_ALIKE(422, "name-look-alike", "The name can be taken for that of another plugin"),
    NAME_RESERVED(422, "name-reserved", "The name is reserved"),
    RESOLUTION_TOO_COMPLEX(
            422, "resolution-too-complex", "Whether there is a plan was not found out"),
    DOMAIN_MISMATCH(422, "domain-mismatch", "The domain does not belong to the name"),
    VERIFICATION_FAILED(422, "verification-failed", "The proof was not found"),
    REPLACEMENT_INVALID(422, "replacement-invalid", "The replacement is no other plugin"),
    QUEUE_FULL(429, "queue-full", "Too many requests of this account or address wait"),
    RATE_LIMITED(429, "rate-limited", "The account or address asks too often"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The request headers are larger than the limit"),
    RELEASE_QUARANTINED(451, "release-quarantined", "The release is in quarantine"),
    INTERNAL_ERROR(500, "internal-error", "The server failed"),
    NOT_IMPLEMENTED(501, "not-implemented", "The server does not know this transfer coding"),
    ARTIFACT_MISSING(502, "artifact-missing", "The storage has lost a published artifact"),
    SERIAL_NOT_REACHED(503, "serial-not-reached", "The answer would be older than asked for"),
    UPLOAD_LOST(502, "upload-lost", "The storage has lost the uploaded bytes"),
    RESOLUTION_TIMEOUT(503, "resolution-timeout", "The search for a plan took too long"),
    PUBLISH_EXPIRED(503, "publish-expired", "The publish could not be finished in time"),
    LOG_DELAYED(503, "log-delayed", "The transparency log does not show the change yet"),
    DNS_UNAVAILABLE(503, "dns-unavailable", "The domain name system does not answer"),
    STORAGE_UNAVAILABLE(503, "storage-unavailable", "The artifact storage does not answer"),
    DATABASE_UNAVAILABLE(503, "database-unavailable", "The index does not answer"),
    OVERLOADED(503, "overloaded", "Too much is being done at once"),
    HTTP_VERSION_UNSUPPORTED(505, "http-version-unsupported", "Only HTTP/1.1 is spoken here");

    private final int status;
    private final String code;
    private final String title;

    ProblemCode(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    public Status status() {
        return Status.create(status);
    }

    public String code() {
        return code;
    }

    public String title() {
        return title;
    }

    public String type() {
        return Problem.TYPE_PREFIX + code;
    }
}
