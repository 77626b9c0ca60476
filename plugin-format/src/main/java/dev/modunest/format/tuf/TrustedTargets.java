package dev.modunest.format.tuf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One state of a repository, in which targets are found; delegated roles are read when a search
 * comes to them. Thread-safe when the store and the reader are.
 */
public final class TrustedTargets {

    private record Visit(String role, String delegator) {}

    private final TrustedMetadataSet trusted;
    private final TargetsRoles roles;
    private final TufLimits limits;

    TrustedTargets(TrustedMetadataSet trusted, TargetsRoles roles, TufLimits limits) {
        this.trusted = trusted;
        this.roles = roles;
        this.limits = limits;
    }

    public long rootVersion() {
        return trusted.root().version();
    }

    public long timestampVersion() {
        return trusted.timestamp().version();
    }

    public long snapshotVersion() {
        return trusted.snapshot().version();
    }

    /**
     * What the most trusted role that speaks of a target says of it (5.6.7); empty when none does,
     * or when {@link TufLimits#visitedRoles} were asked.
     *
     * @throws TufException when a role that is to be asked cannot be read or is not trusted
     */
    public Optional<TargetFile> find(String targetPath) throws TufException {
        Deque<Visit> next = new ArrayDeque<>();
        next.push(new Visit(TargetsMetadata.ROLE, RootMetadata.ROLE));
        Set<String> visited = new HashSet<>();
        while (!next.isEmpty() && visited.size() < limits.visitedRoles()) {
            Visit visit = next.pop();
            if (!visited.add(visit.role())) {
                continue;
            }
            TargetsMetadata metadata = roles.load(visit.role(), visit.delegator());
            TargetFile file = metadata.targets().get(targetPath);
            if (file != null) {
                return Optional.of(file);
            }
            metadata.delegations()
                    .ifPresent(
                            delegations ->
                                    push(visit.role(), delegations.rolesFor(targetPath), next));
        }
        return Optional.empty();
    }

    /** Puts the roles before what waits; behind a terminating one nothing waits any more. */
    private static void push(String delegator, List<DelegatedRole> roles, Deque<Visit> next) {
        int end = 0;
        while (end < roles.size()) {
            if (roles.get(end++).terminating()) {
                next.clear();
                break;
            }
        }
        for (DelegatedRole role : roles.subList(0, end).reversed()) {
            next.push(new Visit(role.name(), delegator));
        }
    }

    /** As {@link #find}, when the target must be there. */
    public TargetFile get(String targetPath) throws TufException {
        return find(targetPath)
                .orElseThrow(
                        () ->
                                new TufException(
                                        TufProblem.NO_TARGET, targetPath, "no role speaks of it"));
    }

    /** The content of a target, of its length and with its hashes (5.7). */
    public byte[] download(TargetFile file, RepositoryReader targets) throws TufException {
        if (file.length() > limits.targetBytes()) {
            throw new TufException(
                    TufProblem.BAD_LENGTH,
                    file.path(),
                    file.length() + " bytes, and at most " + limits.targetBytes() + " are read");
        }
        String path =
                trusted.root().consistentSnapshot()
                        ? RolePath.ofTarget(file.path(), file.hashes().first())
                        : RolePath.ofTarget(file.path());
        byte[] content =
                MetadataFiles.fetch(targets, file.path(), path, (int) file.length())
                        .orElseThrow(
                                () ->
                                        new TufException(
                                                TufProblem.UNAVAILABLE,
                                                file.path(),
                                                path + " is missing"));
        file.check(content);
        return content;
    }
}
