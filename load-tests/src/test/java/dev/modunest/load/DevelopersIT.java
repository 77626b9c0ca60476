package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class DevelopersIT {

    private static final int MADE = 0;
    private static final int IMPOSSIBLE = 2;

    @TempDir Path folder;

    private final Map<String, String> options = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int make(FakeRegistry registry, String administrator) throws IOException {
        options.put("registry", registry.url());
        options.put(
                "token-file", Files.writeString(folder.resolve("admin"), administrator).toString());
        options.put("run", "r");
        options.putIfAbsent("developers", "3");
        options.putIfAbsent("write-to", file().toString());
        return Developers.run(
                new OptionReader(options::get),
                InstantSource.system(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private Path file() {
        return folder.resolve("made").resolve("developers.tokens");
    }

    private List<String> printed() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> refusals() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void writesATokenOfEachDeveloperInTurn() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(MADE);

            assertThat(registry.accounts())
                    .containsExactlyInAnyOrder("load-r-00000", "load-r-00001", "load-r-00002");
            assertThat(printed())
                    .containsExactly(
                            "making 3 developers at " + registry.url(),
                            "their tokens are in " + file());
        }
        assertThat(Files.readAllLines(file()))
                .containsExactly(
                        "mnt_of-load-r-00000", "mnt_of-load-r-00001", "mnt_of-load-r-00002");
        assertThat(Files.getPosixFilePermissions(file()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void tellsHowFarItIs() throws IOException {
        options.put("developers", "201");
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(MADE);
        }
        assertThat(printed()).contains("100 of 201", "200 of 201");
    }

    @Test
    void saysWhyAnAccountIsNotMadeAndWritesNothing() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(make(registry, "mnt_b")).isEqualTo(IMPOSSIBLE);
            assertThat(registry.accounts()).isEmpty();
        }
        assertThat(refusals())
                .containsExactly(
                        "POST /api/v1/accounts answered 403 for load-r-00000: only administrators"
                                + " make accounts");
        try (var made = Files.list(file().getParent())) {
            assertThat(made).isEmpty();
        }
    }

    @Test
    void saysThatARunWasThereBefore() throws IOException {
        options.put("clients", "1");
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(MADE);
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(IMPOSSIBLE);
        }
        assertThat(refusals())
                .containsExactly(
                        "POST /api/v1/accounts answered 409 for load-r-00000: There is an account"
                                + " load-r-00000");
    }

    @Test
    void saysThatNobodyIsSignedIn() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(0, FakeRegistry.Fault.NO_COOKIE)) {
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(IMPOSSIBLE);
        }
        assertThat(refusals()).containsExactly("POST /sign-in answered 303 for load-r-00000");
    }

    @Test
    void saysThatNoTokenIsMade() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(0, FakeRegistry.Fault.REFUSES)) {
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(IMPOSSIBLE);
        }
        assertThat(refusals())
                .containsExactly(
                        "POST /api/v1/account/tokens answered 409 for load-r-00000: too many");
    }

    @Test
    void makesNobodyWhenTheFileCannotBeWritten() throws IOException {
        options.put("write-to", folder.resolve("admin").resolve("tokens").toString());
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(make(registry, FakeAccounts.ADMINISTRATOR)).isEqualTo(IMPOSSIBLE);
            assertThat(registry.accounts()).isEmpty();
        }
        assertThat(refusals())
                .singleElement()
                .asString()
                .startsWith("tokens cannot be written to " + folder.resolve("admin"));
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        FakeRegistry gone = new FakeRegistry(0);
        gone.close();

        assertThat(make(gone, FakeAccounts.ADMINISTRATOR)).isEqualTo(IMPOSSIBLE);
        assertThat(refusals()).singleElement().asString().startsWith("no registry answers at ");
    }
}
