package dev.modunest.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;

class ApiTokenTest {

    private final ApiToken token = ApiToken.create(new SecureRandom());

    @Test
    void readsWhatItWrote() {
        assertThat(token.text()).matches("mnt_[0-9A-Za-z]{49}");
        assertThat(ApiToken.tryParse(token.text()).orElseThrow().sha256Hex())
                .isEqualTo(token.sha256Hex())
                .hasSize(64);
    }

    @Test
    void noticesATypingError() {
        char[] text = token.text().toCharArray();
        text[10] = text[10] == 'a' ? 'b' : 'a';

        assertThat(ApiToken.tryParse(new String(text))).isEmpty();
        assertThat(ApiToken.tryParse("mnt_short")).isEmpty();
    }

    @Test
    void neverShowsItself() {
        assertThat(token.toString()).isEqualTo("mnt_****");
    }

    @Test
    void oneKindIsNotTakenForAnother() {
        ApiToken code = ApiToken.create(ApiToken.Kind.ENROLMENT, new SecureRandom());

        assertThat(code.text()).startsWith("mne_");
        assertThat(code.toString()).isEqualTo("mne_****");
        assertThat(ApiToken.tryParse(ApiToken.Kind.ENROLMENT, code.text())).isPresent();
        assertThat(ApiToken.tryParse(code.text())).isEmpty();
        assertThat(ApiToken.tryParse(ApiToken.Kind.REFRESH, code.text())).isEmpty();
    }
}
