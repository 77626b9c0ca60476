package dev.modunest.server.trusted;

import java.util.Optional;

/**
 * Where a job comes from, for its certificate.
 *
 * @param buildSigner the address of the file that defines it, with its revision
 * @param repository the address of the source
 * @param repositoryId the number of that, which stays
 */
record CiOrigin(
        Optional<String> buildSigner, Optional<String> repository, Optional<String> repositoryId) {

    static final CiOrigin UNKNOWN =
            new CiOrigin(Optional.empty(), Optional.empty(), Optional.empty());

    CiOrigin {
        buildSigner = buildSigner.filter(CiOrigin::isLine);
        repository = repository.filter(CiOrigin::isLine);
        repositoryId = repositoryId.filter(CiOrigin::isLine);
    }

    private static boolean isLine(String text) {
        return !text.isBlank()
                && text.length() <= ClaimReader.MAX_VALUE
                && text.chars().noneMatch(Character::isISOControl);
    }
}
