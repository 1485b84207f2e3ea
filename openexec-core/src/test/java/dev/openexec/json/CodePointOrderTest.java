package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CodePointOrderTest {

    @Test
    void supplementary_characters_come_after_the_private_use_area() {
        String supplementary = Character.toString(0x10000);
        assertThat(CodePointOrder.compare(supplementary, "\uE000")).isPositive();
        assertThat(CodePointOrder.compare("\uFFFF", supplementary)).isNegative();
        assertThat(supplementary.compareTo("\uE000")).isNegative();
    }

    @Test
    void a_prefix_comes_first() {
        assertThat(CodePointOrder.compare("", "a")).isNegative();
        assertThat(CodePointOrder.compare("ab", "a")).isPositive();
        assertThat(CodePointOrder.compare("ab", "ab")).isZero();
    }

    @Property
    void agrees_with_comparing_arrays_of_code_points(@ForAll("names") String left, @ForAll("names") String right) {
        int expected =
                Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
        assertThat(Integer.signum(CodePointOrder.compare(left, right))).isEqualTo(Integer.signum(expected));
    }

    @Provide
    Arbitrary<String> names() {
        return JsonArbitraries.closeNames();
    }
}
