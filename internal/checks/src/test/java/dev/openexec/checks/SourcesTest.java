package dev.openexec.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the sources and the poms have to keep, whatever is in them. */
class SourcesTest {

    @Test
    void no_file_has_more_than_300_lines() {
        assertThat(Project.sources("src/main/java")).isNotEmpty();
        assertThat(Project.sources("src/main/java"))
                .filteredOn(file -> Project.read(file).lines().count() > 300)
                .isEmpty();
    }

    /** Surefire is told by this tag to run it after the jar is made: a jar of an earlier build would do until then. */
    @Test
    void a_test_of_a_jar_is_tagged_as_one() {
        assertThat(Project.sources("src/test/java"))
                .filteredOn(file -> file.toString().endsWith("JarTest.java"))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Project.read(file)).contains("@Tag(\"jar\")"));
    }

    @Test
    void the_core_depends_on_jackson_and_bouncycastle_alone() throws Exception {
        assertThat(runtimeDependencies("openexec-core")).containsExactly("jackson-databind", "bcprov-jdk18on");
    }

    /** Of the module's pom: what a user's program gets with it. */
    private static List<String> runtimeDependencies(String module) throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of(Project.ROOT.toString(), module, "pom.xml").toFile());
        NodeList names = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        "/project/dependencies/dependency[not(scope) or scope='compile' or scope='runtime']/artifactId/text()",
                        pom,
                        XPathConstants.NODESET);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < names.getLength(); i++) {
            found.add(names.item(i).getNodeValue());
        }
        return found;
    }
}
