package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openexec.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecutionRequestTest {

    private static final Json PAYLOAD = Json.of(Map.of("b", 3, "a", 2));
    private static final ExecutionRequest REQUEST = ExecutionRequest.of("add", PAYLOAD, "n-1");

    @Test
    void what_is_approved_is_the_canonical_text_of_action_and_payload() {
        assertThat(REQUEST.canonical()).isEqualTo("{\"action\":\"add\",\"payload\":{\"a\":2,\"b\":3}}");
    }

    @Test
    void its_hash_is_the_one_that_approvals_carry() {
        assertThat(REQUEST.hash().hex()) // as README.md and openexec-examples/approve.sh have it
                .isEqualTo("8264f143d219f1fbc6364c523434b214fcd0c6c7f9ec1e2f8692a40d29f27a50");
    }

    @Test
    void nonce_and_approval_are_no_part_of_it() {
        assertThat(ExecutionRequest.of("add", PAYLOAD, "n-2").withApproval("{}").hash())
                .isEqualTo(REQUEST.hash());
    }

    @Test
    void no_control_character_of_the_request_is_left_in_the_text_that_a_person_reads() {
        Json hostile = Json.of(Map.of("line", "\u001b[2J\u202e\r\n"));

        assertThat(ExecutionRequest.of("a\u0007", hostile, "n").canonical()).matches("[ -~]+");
    }

    @Test
    void a_request_that_no_approval_can_cover_has_no_canonical_text() {
        Json deep = Json.emptyObject();
        for (int level = 1; level < 64; level++) {
            deep = Json.of(Map.of("a", deep));
        }
        ExecutionRequest tooDeep = ExecutionRequest.of("add", deep, "n");
        ExecutionRequest halfACharacter = ExecutionRequest.of("\ud800", PAYLOAD, "n");

        assertThatIllegalArgumentException().isThrownBy(tooDeep::canonical);
        assertThatIllegalArgumentException().isThrownBy(halfACharacter::hash);
    }
}
