package dev.modunest.server.auth;

import static dev.modunest.server.auth.Action.CERTIFICATE_ISSUE;
import static dev.modunest.server.auth.Action.CERTIFICATE_REVOKE;
import static dev.modunest.server.auth.Action.GRANT_MANAGE;
import static dev.modunest.server.auth.Action.NAMESPACE_MANAGE;
import static dev.modunest.server.auth.Action.NAMESPACE_TRANSFER;
import static dev.modunest.server.auth.Action.RELEASE_DELETE;
import static dev.modunest.server.auth.Action.RELEASE_DEPRECATE;
import static dev.modunest.server.auth.Action.RELEASE_PUBLISH;
import static dev.modunest.server.auth.Action.RELEASE_READ;
import static dev.modunest.server.auth.Action.RELEASE_YANK;
import static dev.modunest.server.auth.Action.TRUSTED_PUBLISHER_MANAGE;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Actions that are given together, on a namespace or on one of its plugins. */
public enum Role {
    OWNER,
    MAINTAINER,
    PUBLISHER,
    READER;

    public Set<Action> actions() {
        return switch (this) {
            case OWNER ->
                    EnumSet.of(
                            RELEASE_READ,
                            RELEASE_PUBLISH,
                            RELEASE_YANK,
                            RELEASE_DEPRECATE,
                            RELEASE_DELETE,
                            TRUSTED_PUBLISHER_MANAGE,
                            GRANT_MANAGE,
                            NAMESPACE_MANAGE,
                            NAMESPACE_TRANSFER,
                            CERTIFICATE_ISSUE,
                            CERTIFICATE_REVOKE);
            case MAINTAINER ->
                    EnumSet.of(
                            RELEASE_READ,
                            RELEASE_PUBLISH,
                            RELEASE_YANK,
                            RELEASE_DEPRECATE,
                            RELEASE_DELETE,
                            TRUSTED_PUBLISHER_MANAGE);
            case PUBLISHER -> EnumSet.of(RELEASE_READ, RELEASE_PUBLISH);
            case READER -> EnumSet.of(RELEASE_READ);
        };
    }

    /**
     * The actions of a role and further ones, as a grant has them; what is not known gives none.
     */
    public static Set<Action> granted(Optional<String> role, List<String> actions) {
        EnumSet<Action> granted = EnumSet.noneOf(Action.class);
        role.flatMap(Role::find).ifPresent(known -> granted.addAll(known.actions()));
        actions.forEach(text -> Action.find(text).ifPresent(granted::add));
        return granted;
    }

    /** As in documents and in the index. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> find(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
