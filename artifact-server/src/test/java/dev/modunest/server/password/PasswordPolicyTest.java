package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.server.password.PasswordPolicy.Weakness;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Optional;

class PasswordPolicyTest {

    private final PasswordPolicy policy =
            new PasswordPolicy(Settings.read(PasswordConfig.class, Optional.empty(), Map.of()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery",
                "onlylowercase letters",
                "            9",
                "пароль-длинный",
                "🐴🔋📎🐴🔋📎🐴🔋📎🐴🔋🐴"
            })
    void takesAnythingLongAndUnexpected(String password) {
        assertThat(policy.weakness(password, "ada-lovelace")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "elevenchars, TOO_SHORT",
        "'', TOO_SHORT",
        "xxAda-Lovelace7, HAS_ACCOUNT_NAME",
        "ADA-LOVELACE, HAS_ACCOUNT_NAME",
        "PassWord1234, COMMON",
        "passwordpassword, COMMON",
        "sunshinesunshinesunshine, COMMON",
        "aaaaaaaaaaaaaaaa, COMMON",
        "abc1abc1abc1, COMMON",
        "ｐａｓｓｗｏｒｄ１２３４, COMMON"
    })
    void refusesWhatIsGuessedFirst(String password, Weakness weakness) {
        assertThat(policy.weakness(password, "ada-lovelace")).contains(weakness);
    }

    @Test
    void countsCharactersAndNotBytes() {
        assertThat(policy.weakness("🐴".repeat(11), "ada")).contains(Weakness.TOO_SHORT);
        assertThat(policy.weakness("ab7🐴".repeat(256) + "x", "ada")).contains(Weakness.TOO_LONG);
    }

    @Test
    void aVeryShortNameMayOccur() {
        assertThat(policy.weakness("strada in salita", "ada")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void explainsEachWeaknessWithTheNextStep(Weakness weakness) {
        assertThat(policy.explain(weakness)).startsWith("The password ").contains("take a");
    }
}
