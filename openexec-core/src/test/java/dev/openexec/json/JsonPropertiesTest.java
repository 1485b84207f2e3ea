package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonPropertiesTest {

    /** Another writer: names in map order, no escapes beyond what JSON needs. */
    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    @Property(tries = 2_000)
    void parsing_the_canonical_form_gives_it_back(@ForAll("objects") Map<String, Object> members) throws Exception {
        Json json = Json.of(members);
        assertThat(Json.parse(json.canonical()).canonical()).isEqualTo(json.canonical());
        assertThat(Json.parse(json.canonical().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(json);
    }

    @Property(tries = 2_000)
    void parsing_the_spaced_form_gives_it_back(@ForAll("objects") Map<String, Object> members) throws Exception {
        Json json = Json.of(members);
        Json parsed = Json.parse(json.spaced());
        assertThat(parsed.spaced()).isEqualTo(json.spaced());
        assertThat(parsed).isEqualTo(json).hasSameHashCodeAs(json);
        assertThat(parsed.depth()).isEqualTo(json.depth());
    }

    @Property(tries = 2_000)
    void java_values_and_their_text_by_another_writer_are_the_same_value(@ForAll("objects") Map<String, Object> members)
            throws Exception {
        assertThat(Json.parse(JACKSON.writeValueAsBytes(members))).isEqualTo(Json.of(members));
    }

    @Property(tries = 2_000)
    void the_order_of_members_does_not_matter(@ForAll("objects") Map<String, Object> members) {
        assertThat(Json.of(new TreeMap<>(members).descendingMap())).isEqualTo(Json.of(members));
    }

    @Property(tries = 2_000)
    void names_come_in_order_of_code_points_and_are_found(@ForAll("objects") Map<String, Object> members) {
        Json json = Json.of(members);
        Comparator<String> byCodePoints =
                Comparator.comparing(name -> name.codePoints().toArray(), Arrays::compare);
        assertThat(json.names())
                .containsExactlyElementsOf(
                        members.keySet().stream().sorted(byCodePoints).toList());
        assertThat(json.names()).allSatisfy(name -> assertThat(json.get(name)).isPresent());
    }

    @Property(tries = 2_000)
    void both_forms_are_printable_ascii(@ForAll("objects") Map<String, Object> members) {
        Json json = Json.of(members);
        assertThat(json.canonical() + json.spaced()).matches("[ -~]*");
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonArbitraries.objects();
    }
}
