package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void is_sha_256() {
        assertThat(Digest.ofUtf8("abc").hex()).isEqualTo(OF_ABC);
        assertThat(Digest.ofUtf8("abc")).hasToString(OF_ABC);
    }

    @Test
    void parts_are_joined_without_separators() {
        assertThat(Digest.of(ascii("a"), ascii(""), ascii("bc"))).isEqualTo(Digest.ofUtf8("abc"));
    }

    @Test
    void a_stream_is_read_to_its_end() throws IOException {
        ByteArrayInputStream stream = new ByteArrayInputStream(ascii("-abc"));
        stream.skipNBytes(1);
        assertThat(Digest.of(stream)).isEqualTo(Digest.ofUtf8("abc"));
        assertThat(stream).isEmpty();
    }

    @Test
    void fields_are_preceded_by_their_length() {
        assertThat(Digest.ofFields("label", ascii("ab"), ascii("")))
                .isEqualTo(Digest.of(ascii("label"), new byte[] {0, 0, 0, 2}, ascii("ab"), new byte[4]));
    }

    @Test
    void a_boundary_between_fields_cannot_move() {
        assertThat(Digest.ofFields("l", ascii("ab"), ascii("c")))
                .isNotEqualTo(Digest.ofFields("l", ascii("a"), ascii("bc")))
                .isNotEqualTo(Digest.ofFields("l", ascii("abc")))
                .isNotEqualTo(Digest.ofFields("l", ascii("ab"), ascii("c"), ascii("")));
    }

    @Test
    void a_text_without_utf8_form_is_refused() {
        for (String text : new String[] {"\uD800", "a\uDC00", "\uDC00\uD800", "\uD83Dx"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Digest.ofUtf8(text));
        }
        assertThat(Digest.ofUtf8("\uD83D\uDE00"))
                .isEqualTo(Digest.of(HexFormat.of().parseHex("f09f9880")));
    }

    @Test
    void bytes_come_back_as_a_copy() {
        byte[] given = HexFormat.of().parseHex(OF_ABC);
        Digest digest = Digest.fromBytes(given);
        given[0] = 0;
        digest.bytes()[0] = 0;
        assertThat(digest).isEqualTo(Digest.ofUtf8("abc")).hasSameHashCodeAs(Digest.ofUtf8("abc"));
    }

    @Test
    void any_other_number_of_bytes_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.fromBytes(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.fromBytes(new byte[33]));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
