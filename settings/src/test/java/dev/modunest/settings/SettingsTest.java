package dev.modunest.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class SettingsTest {

    enum Mode {
        FAST,
        SAFE
    }

    record Pool(@Default("10") int poolSize, @Default("5s") Duration waitAtMost) {
        Pool {
            if (poolSize < 1) {
                throw new IllegalArgumentException("pool_size is at least 1, not " + poolSize);
            }
        }
    }

    record Sample(
            URI url,
            Optional<Path> folder,
            @Default("64MiB") ByteSize memory,
            @Default("a,b") List<String> names,
            List<Integer> ports,
            @Default("safe") Mode mode,
            @Default("false") boolean open,
            @Default("9007199254740991") long most,
            Secret password,
            Pool pool) {}

    @TempDir Path folder;

    private static final String MINIMUM = "url: http://localhost:1/\npassword: s3cr3t\n";

    @Test
    void takesDefaultsWhereNothingIsGiven() throws IOException {
        Sample sample = read(MINIMUM, Map.of());
        assertThat(sample.memory()).isEqualTo(ByteSize.ofMebibytes(64));
        assertThat(sample.names()).containsExactly("a", "b");
        assertThat(sample.ports()).isEmpty();
        assertThat(sample.folder()).isEmpty();
        assertThat(sample.mode()).isEqualTo(Mode.SAFE);
        assertThat(sample.open()).isFalse();
        assertThat(sample.most()).isEqualTo(9007199254740991L);
        assertThat(sample.pool()).isEqualTo(new Pool(10, Duration.ofSeconds(5)));
    }

    @Test
    void readsEveryTypeFromTheFile() throws IOException {
        Sample sample =
                read(
                        MINIMUM
                                + "folder: data\nmemory: 1GiB\nnames: [x]\nports: 1, 2\nmode: fast\nopen: true\nmost: 7\n"
                                + "pool:\n  pool_size: 3\n  wait_at_most: 250ms\n",
                        Map.of());
        assertThat(sample)
                .isEqualTo(
                        new Sample(
                                URI.create("http://localhost:1/"),
                                Optional.of(Path.of("data")),
                                new ByteSize(1L << 30),
                                List.of("x"),
                                List.of(1, 2),
                                Mode.FAST,
                                true,
                                7,
                                new Secret("s3cr3t"),
                                new Pool(3, Duration.ofMillis(250))));
    }

    @Test
    void environmentWinsOverTheFile() throws IOException {
        Sample sample =
                read(
                        MINIMUM + "pool: {pool_size: 3}\nnames: [x]\n",
                        Map.of(
                                "MODUNEST_POOL_POOL_SIZE",
                                "4",
                                "MODUNEST_NAMES",
                                "p, q",
                                "PATH",
                                "/bin"));
        assertThat(sample.pool().poolSize()).isEqualTo(4);
        assertThat(sample.names()).containsExactly("p", "q");
    }

    @Test
    void tellsEveryFaultAtOnceWithItsFix() {
        SettingsException fault =
                faultOf(
                        """
                        memory: lots
                        mode: quick
                        open: yes please
                        nmaes: [x]
                        folder: [a, b]
                        most: 1.5
                        pool: 5
                        """,
                        Map.of("MODUNEST_PORTS", "1,x", "MODUNEST_POOL_POOLSIZE", "4"));
        assertThat(fault.faults())
                .containsExactlyInAnyOrder(
                        "nmaes: unknown key; did you mean names?",
                        "url: is required; set it in the file or as MODUNEST_URL",
                        "folder: is a single value, not a group or a list",
                        "memory: 'lots' is not a size: write a whole number and B, KiB, MiB, GiB or TiB",
                        "ports: 'x' is not a whole number (from MODUNEST_PORTS)",
                        "mode: 'quick' is not one of fast, safe",
                        "open: 'yes please' is not true or false",
                        "most: '1.5' is not a whole number",
                        "password: is required; set it in the file or as MODUNEST_PASSWORD",
                        "pool: is a group of settings, not a single value",
                        "MODUNEST_POOL_POOLSIZE: unknown variable");
        assertThat(fault).hasMessageContaining("\n  url: is required");
    }

    @Test
    void suggestsTheNearestVariable() {
        assertThat(faultOf(MINIMUM, Map.of("MODUNEST_POOL_POL_SIZE", "4")).faults())
                .containsExactly(
                        "MODUNEST_POOL_POL_SIZE: unknown variable; did you mean MODUNEST_POOL_POOL_SIZE?");
    }

    @Test
    void refusalOfARecordIsAFaultWithItsPath() {
        assertThat(faultOf(MINIMUM + "pool: {pool_size: 0}", Map.of()).faults())
                .containsExactly("pool: pool_size is at least 1, not 0");
    }

    @Test
    void refusesBadUrisAndDurations() {
        assertThat(
                        faultOf("url: nowhere\npassword: x\npool: {wait_at_most: soon}", Map.of())
                                .faults())
                .containsExactly(
                        "url: 'nowhere' is not an absolute URI: give the scheme",
                        "pool.wait_at_most: 'soon' is not a duration: write a whole number and ms, s, m, h or d");
        assertThat(faultOf("url: 'a b'\npassword: x", Map.of()).faults())
                .containsExactly("url: 'a b' is not a URI");
    }

    @Test
    void refusesFilesThatAreNoSettings() throws IOException {
        assertThat(faultOf("- a\n- b\n", Map.of()).faults().getFirst())
                .endsWith("is not a mapping of keys to values");
        assertThat(faultOf("a: 1\na: 2\n", Map.of()).faults().getFirst())
                .contains("Duplicate", "(line 2)");
        assertThat(catchSettings(folder.resolve("absent.yaml"), Map.of()).faults().getFirst())
                .contains("cannot be read: there is no such file");
        Path large = folder.resolve("large.yaml");
        Files.write(large, new byte[(1 << 20) + 1]);
        assertThat(catchSettings(large, Map.of()).faults().getFirst()).contains("larger than");
    }

    @Test
    void anEmptyFileIsNoSettings() {
        assertThat(faultOf("", Map.of()).faults()).hasSize(2);
    }

    @Test
    void describesAsYamlThatReadsBackWithSecretsMasked() throws IOException {
        Sample sample =
                read(
                        MINIMUM + "folder: data\nports: [1, 2]\npool: {wait_at_most: 90s}\n",
                        Map.of());
        String description = Settings.describe(sample);
        assertThat(description)
                .isEqualTo(
                        """
                        url: http://localhost:1/
                        folder: data
                        memory: 64MiB
                        names: [a, b]
                        ports: [1, 2]
                        mode: safe
                        open: false
                        most: 9007199254740991
                        password: ****
                        pool:
                          pool_size: 10
                          wait_at_most: 90s
                        """);
        assertThat(read(description.replace("****", "s3cr3t"), Map.of())).isEqualTo(sample);
    }

    @Test
    void durationsAreWrittenInTheGreatestUnitThatIsExact() {
        assertThat(List.of("0ms", "1500ms", "45s", "2m", "3h", "7d"))
                .allSatisfy(
                        text ->
                                assertThat(Scalars.write(Scalars.read(Duration.class, text)))
                                        .isEqualTo(text));
    }

    @Test
    void sizesRoundTripAndOverflowIsRefused() {
        assertThat(List.of("0B", "1B", "1023B", "1KiB", "512MiB", "3GiB", "2TiB"))
                .allSatisfy(text -> assertThat(ByteSize.parse(text)).hasToString(text));
        assertThat(ByteSize.parse("1 KiB")).isLessThan(ByteSize.parse("1025B"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteSize(-1));
        assertThat(ByteSize.describe(1536)).isEqualTo("1.5 KiB");
        assertThat(ByteSize.describe(12)).isEqualTo("12 B");
        assertThat(faultOf(MINIMUM + "memory: 999999999999999TiB", Map.of()).faults().getFirst())
                .startsWith("memory: ");
    }

    record Host(URI at, Optional<Secret> token, Pool pool) {}

    record Hosts(Map<String, Host> hosts) {}

    private Hosts readHosts(String yaml, Map<String, String> environment) throws IOException {
        return Settings.read(
                Hosts.class,
                Optional.of(Files.writeString(folder.resolve("hosts.yaml"), yaml)),
                environment);
    }

    @Test
    void readsNamedGroupsInTheirOrder() throws IOException {
        Hosts hosts =
                readHosts(
                        "hosts:\n  zeta: {at: 'http://z/'}\n  a-b:\n    at: http://a/\n    pool: {pool_size: 2}\n",
                        Map.of(
                                "MODUNEST_HOSTS_A_B_TOKEN", "t0ken",
                                "MODUNEST_HOSTS_ZETA_POOL_WAIT_AT_MOST", "1s"));

        assertThat(hosts.hosts().keySet()).containsExactly("zeta", "a-b");
        assertThat(hosts.hosts().get("a-b"))
                .isEqualTo(
                        new Host(
                                URI.create("http://a/"),
                                Optional.of(new Secret("t0ken")),
                                new Pool(2, Duration.ofSeconds(5))));
        assertThat(hosts.hosts().get("zeta"))
                .isEqualTo(
                        new Host(
                                URI.create("http://z/"),
                                Optional.empty(),
                                new Pool(10, Duration.ofSeconds(1))));
        assertThat(readHosts("", Map.of()).hosts()).isEmpty();
    }

    @Test
    void theEnvironmentAloneMakesNamedGroups() throws IOException {
        Hosts hosts =
                readHosts(
                        "",
                        Map.of(
                                "MODUNEST_HOSTS_MY_HOST_AT", "http://m/",
                                "MODUNEST_HOSTS_MY_HOST_POOL_POOL_SIZE", "3"));

        assertThat(hosts.hosts())
                .isEqualTo(
                        Map.of(
                                "my-host",
                                new Host(
                                        URI.create("http://m/"),
                                        Optional.empty(),
                                        new Pool(3, Duration.ofSeconds(5)))));
    }

    @Test
    void tellsFaultsOfNamedGroupsWithTheirPath() {
        assertThatThrownBy(
                        () ->
                                readHosts(
                                        "hosts:\n  one: {att: 'http://z/'}\n  Two_: {at: 'http://z/'}\n",
                                        Map.of("MODUNEST_HOSTS_ONE_POOL_POOL_SIZE", "0")))
                .hasMessageContaining("hosts.one.att: unknown key; did you mean at?")
                .hasMessageContaining("hosts.one.at: is required")
                .hasMessageContaining("MODUNEST_HOSTS_ONE_AT")
                .hasMessageContaining("hosts.one.pool: pool_size is at least 1, not 0")
                .hasMessageContaining("hosts.Two_: a name has a-z, 0-9 and hyphens");
        assertThatThrownBy(() -> readHosts("hosts: [a]", Map.of()))
                .hasMessageContaining("hosts: is a group of named groups");
        assertThatThrownBy(() -> readHosts("", Map.of("MODUNEST_HOSTS_A", "b")))
                .hasMessageContaining("MODUNEST_HOSTS_A: unknown variable");
    }

    @Test
    void describesNamedGroups() throws IOException {
        Hosts hosts = readHosts("hosts: {one: {at: 'http://z/', token: t0ken}}", Map.of());

        assertThat(Settings.describe(hosts))
                .isEqualTo(
                        """
                        hosts:
                          one:
                            at: http://z/
                            token: ****
                            pool:
                              pool_size: 10
                              wait_at_most: 5s
                        """);
        assertThat(Settings.describe(new Hosts(Map.of()))).isEqualTo("hosts: {}\n");
    }

    private Sample read(String yaml, Map<String, String> environment) throws IOException {
        return Settings.read(
                Sample.class,
                Optional.of(Files.writeString(folder.resolve("settings.yaml"), yaml)),
                environment);
    }

    private SettingsException faultOf(String yaml, Map<String, String> environment) {
        try {
            return catchSettings(
                    Files.writeString(folder.resolve("settings.yaml"), yaml), environment);
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static SettingsException catchSettings(Path file, Map<String, String> environment) {
        return catchThrowableOfType(
                SettingsException.class,
                () -> Settings.read(Sample.class, Optional.of(file), environment));
    }
}
