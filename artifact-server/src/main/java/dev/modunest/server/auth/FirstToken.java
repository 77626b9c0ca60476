package dev.modunest.server.auth;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** The first administrator of an index, and the token to begin with. */
public final class FirstToken {

    private static final String ACCOUNT = "admin";

    private FirstToken() {}

    /**
     * Makes the account and its token when there is no administrator yet, and writes the token to
     * {@code file}, readable by its owner alone. A token that cannot be written is not made.
     */
    public static Optional<ApiToken> makeIfNoAdministrator(
            Database database, Path file, Instant now) {
        return database.inTransaction(
                tx -> {
                    if (tx.accounts().hasAdministrator()) {
                        return Optional.empty();
                    }
                    return tx.accounts()
                            .insert(ACCOUNT, true, now)
                            .map(account -> makeToken(tx, account, file, now));
                });
    }

    private static ApiToken makeToken(Transaction tx, Account account, Path file, Instant now) {
        ApiToken token = ApiToken.create(new SecureRandom());
        tx.tokens().insert(account.id(), token.sha256Hex(), "first administrator", now);
        try {
            write(token, file.toAbsolutePath());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "the first administrator's token cannot be written to " + file, unwritable);
        }
        return token;
    }

    private static void write(ApiToken token, Path file) throws IOException {
        Path folder = file.resolveSibling("");
        Files.createDirectories(folder);
        Path fresh =
                Files.createTempFile(
                        folder,
                        ".token",
                        "",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, token.text() + "\n");
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
