package dev.modunest.server.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.problem.Rejection;

import org.junit.jupiter.api.Test;

class FormBodyTest {

    @Test
    void readsWhatAFormHas() {
        assertThat(FormBody.parse("a=1+2&b=%C3%A4&c&&d=x=y"))
                .containsOnly(
                        java.util.Map.entry("a", "1 2"),
                        java.util.Map.entry("b", "ä"),
                        java.util.Map.entry("c", ""),
                        java.util.Map.entry("d", "x=y"));
        assertThat(FormBody.parse("")).isEmpty();
    }

    @Test
    void aParameterIsThereOnceHoweverItIsWritten() {
        assertThatThrownBy(() -> FormBody.parse("scope=a&sc%6fpe=b"))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("scope is there twice");
    }
}
