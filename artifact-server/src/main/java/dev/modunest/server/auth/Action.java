package dev.modunest.server.auth;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What may be allowed or not: the words of scopes, grants and explanations. */
public enum Action {
    RELEASE_READ("release.read"),
    RELEASE_PUBLISH("release.publish"),
    RELEASE_YANK("release.yank"),
    RELEASE_DEPRECATE("release.deprecate"),
    RELEASE_DELETE("release.delete"),
    RELEASE_QUARANTINE("release.quarantine"),
    NAMESPACE_CLAIM("namespace.claim"),
    NAMESPACE_MANAGE("namespace.manage"),
    NAMESPACE_TRANSFER("namespace.transfer"),
    NAMESPACE_CERTIFY("namespace.certify"),
    CERTIFICATE_ISSUE("certificate.issue"),
    CERTIFICATE_REVOKE("certificate.revoke"),
    GRANT_MANAGE("grant.manage"),
    TRUSTED_PUBLISHER_MANAGE("trusted-publisher.manage"),
    ORGANIZATION_CREATE("organization.create"),
    ORGANIZATION_READ("organization.read"),
    ORGANIZATION_MANAGE("organization.manage"),
    HOST_MANAGE("host.manage"),
    ACCOUNT_READ("account.read"),
    ACCOUNT_MANAGE("account.manage"),
    ACCOUNT_ADMINISTER("account.administer"),
    PUBLISH_READ("publish.read"),
    ACCESS_EXPLAIN("access.explain"),
    AUDIT_READ("audit.read"),
    DOWNLOADS_REPORT("downloads.report");

    private static final Map<String, Action> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toMap(Action::text, Function.identity()));

    private final String text;

    Action(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Whether doing it in a namespace that nobody has claims that. */
    boolean claims() {
        return this == RELEASE_PUBLISH
                || this == NAMESPACE_CLAIM
                || this == TRUSTED_PUBLISHER_MANAGE;
    }

    public static Optional<Action> find(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }

    @Override
    public String toString() {
        return text;
    }
}
