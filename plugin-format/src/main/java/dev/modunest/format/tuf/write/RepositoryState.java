package dev.modunest.format.tuf.write;

import java.util.HashMap;
import java.util.Map;

/**
 * What the writer of a repository must know of it: the versions of all roles. It can be read from
 * the repository ({@link RepositoryRecovery}).
 *
 * @param roles targets, revocations, bins and each bin, by name
 */
public record RepositoryState(
        RoleState timestamp, RoleState snapshot, Map<String, RoleState> roles) {

    public RepositoryState {
        roles = Map.copyOf(roles);
    }

    /**
     * This state after a batch that would have led to {@code attempted} was not written to its end:
     * the numbers that it used are left out.
     */
    public RepositoryState afterFailure(RepositoryState attempted) {
        Map<String, RoleState> more = new HashMap<>(roles);
        more.replaceAll(
                (role, state) -> {
                    RoleState tried = attempted.roles.get(role);
                    return tried == null ? state : state.afterAttempt(tried);
                });
        return new RepositoryState(
                timestamp.afterAttempt(attempted.timestamp),
                snapshot.afterAttempt(attempted.snapshot),
                more);
    }

    RoleState role(String name) {
        RoleState state = roles.get(name);
        if (state == null) {
            throw new IllegalArgumentException("the repository has no role " + name);
        }
        return state;
    }
}
