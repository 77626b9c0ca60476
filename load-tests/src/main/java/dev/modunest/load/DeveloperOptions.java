package dev.modunest.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Which developers are made.
 *
 * @param registry {@code registry}: the base of the URLs
 * @param administrator the first token of {@code token-file}
 * @param developers {@code developers}: how many
 * @param clients {@code clients}: how many are made at once
 * @param run {@code run}: part of the names of all accounts, another in each run
 * @param tokens {@code write-to}: the file that gets their tokens
 */
record DeveloperOptions(
        URI registry, String administrator, int developers, int clients, String run, Path tokens) {

    static DeveloperOptions read(OptionReader reader, InstantSource clock) {
        return new DeveloperOptions(
                reader.url("registry", "http://127.0.0.1:8080"),
                reader.tokens().getFirst(),
                reader.integer("developers", 1000, 1, 100_000),
                reader.integer("clients", 4, 1, 100),
                reader.run(clock),
                Path.of(reader.text("write-to", "developers.tokens")));
    }

    String account(int number) {
        return "load-%s-%05d".formatted(run, number);
    }

    @Override
    public String toString() {
        return developers + " developers at " + registry;
    }
}
