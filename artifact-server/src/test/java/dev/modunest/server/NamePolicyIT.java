package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.LookAlikes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.Map;

/** Which names a new plugin may have. */
class NamePolicyIT {

    private static TestRegistry registry;
    private static String alice;
    private static String bob;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_NAMES_RESERVED", "acme",
                                "MODUNEST_NAMES_ALLOW", "bobs/markdovm"));
        alice = registry.newAccount("alice");
        bob = registry.newAccount("bob");
        assertThat(publish(alice, "alices/markdown@1.0.0").statusCode()).isEqualTo(201);
        String keys = String.join(",", LookAlikes.keys("markdown"));
        registry.execute(
                "update plugins set downloads_30d = 100000, popular_keys = string_to_array('"
                        + keys
                        + "', ',') where name = 'markdown'");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> publish(String token, String coordinate) {
        return registry.publishAs(token, coordinate, TestJars.library(coordinate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"modunest/tool@1.0.0", "tools/api@1.0.0", "acme/tool@1.0.0"})
    void aReservedWordIsRefused(String coordinate) {
        TestRegistry.assertProblem(
                publish(bob, coordinate), 422, "name-reserved", "choose another name");
    }

    @Test
    void administratorsMayUseReservedWords() {
        assertThat(publish(registry.token(), "modunest/core@1.0.0").statusCode()).isEqualTo(201);
    }

    @Test
    void aNameThatDiffersByHyphensIsRefused() {
        assertThat(publish(bob, "spelled/html-clean@1.0.0").statusCode()).isEqualTo(201);
        TestRegistry.assertProblem(
                publish(bob, "spelled/htmlclean@1.0.0"),
                422,
                "name-look-alike",
                "differs from spelled/html-clean by its hyphens");
        assertThat(publish(bob, "spelled/html-clean@1.0.1").statusCode()).isEqualTo(201);
    }

    @Test
    void aLookAlikeOfAPopularPluginIsRefused() {
        TestRegistry.assertProblem(
                publish(bob, "bobs/markdwon@1.0.0"),
                422,
                "name-look-alike",
                "popular plugin alices/markdown");
        assertThat(registry.get("/index/bobs/markdwon").statusCode()).isEqualTo(404);
    }

    @Test
    void itsOwnerMayPublishALookAlike() {
        assertThat(publish(alice, "alices/markdwon@1.0.0").statusCode()).isEqualTo(201);
    }

    @Test
    void theOperatorMayAllowALookAlike() {
        assertThat(publish(bob, "bobs/markdovm@1.0.0").statusCode()).isEqualTo(201);
    }
}
