package dev.openexec.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No check, no object: what a stage of the one path gives can be made by that stage alone. */
class StagesTest {

    @ParameterizedTest
    @ValueSource(strings = {"Authorization$Authorized", "Admission$Admitted", "Claims$Entry", "Standing$Settled"})
    void what_a_stage_gives_is_made_by_that_stage_alone(String name) throws ClassNotFoundException {
        Class<?> given = core(name);

        assertThat(Modifier.isFinal(given.getModifiers())).isTrue();
        assertThat(given.getDeclaredConstructors())
                .allMatch(constructor -> Modifier.isPrivate(constructor.getModifiers()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Admission",
                "InFlight",
                "Ledger",
                "Claims",
                "Retry",
                "Standing",
                "Comparison",
                "Runner",
                "Begun",
                "Intake",
                "ExecutionPath",
                "HardDeadline",
                "Parts"
            })
    void a_stage_is_nobody_else_s_business(String name) throws ClassNotFoundException {
        Class<?> stage = core(name);

        assertThat(Modifier.isPublic(stage.getModifiers())).isFalse();
        assertThat(stage.getDeclaredClasses()).noneMatch(nested -> Modifier.isPublic(nested.getModifiers()));
        assertThat(Arrays.stream(stage.getDeclaredConstructors()).map(Constructor::getModifiers))
                .noneMatch(Modifier::isPublic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"approval.Approval", "approval.ArtifactV1", "approval.SignedPolicy"})
    void a_verified_approval_is_made_by_its_verifier_alone(String name) throws ClassNotFoundException {
        assertThat(core(name).getDeclaredConstructors())
                .noneMatch(constructor -> Modifier.isPublic(constructor.getModifiers())
                        || Modifier.isProtected(constructor.getModifiers()));
    }

    private static Class<?> core(String name) throws ClassNotFoundException {
        return Class.forName("dev.openexec." + name);
    }
}
