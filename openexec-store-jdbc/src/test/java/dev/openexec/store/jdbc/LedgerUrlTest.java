package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openexec.store.ExecutionStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "sqlite:///relative.db, relative.db",
        "sqlite:///folder/relative.db, folder/relative.db",
        "sqlite:///./relative.db, ./relative.db",
        "sqlite:////absolute.db, /absolute.db",
        "sqlite:////var/lib/openexec/ledger.db, /var/lib/openexec/ledger.db",
        "sqlite:///with%20escape#and@signs.db, with%20escape#and@signs.db", // SQLAlchemy takes the path as it is
        "jdbc:sqlite:relative.db, relative.db",
        "jdbc:sqlite:/absolute.db, /absolute.db",
    })
    void a_file_can_be_spelt_as_in_sqlalchemy_or_as_in_jdbc(String url, String path) {
        assertThat(LedgerUrl.parse(url)).hasToString("SQLite file " + path);
    }

    @Test
    void sqlite_and_two_slashes_is_memory() {
        LedgerUrl url = LedgerUrl.parse("sqlite://");

        assertThat(url).hasToString("memory");
        try (ExecutionStore store = url.store()) {
            assertThat(store.open(false, TestStores.CLOCK).durable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite:///", "jdbc:sqlite:"})
    void the_store_of_a_file_is_in_that_file(String prefix, @TempDir Path folder) {
        Path file = folder.resolve("ledger.db").toAbsolutePath();

        try (ExecutionStore store = LedgerUrl.parse(prefix + file).store()) {
            assertThat(file).doesNotExist(); // until it is opened
            assertThat(store.open(false, TestStores.CLOCK).durable()).isTrue();
            assertThat(file).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://user:s3cret@host/db",
                "postgresql+psycopg2://user:s3cret@host:5432/db?sslmode=require",
                "postgres://user:s3cret@host/db",
                "jdbc:postgresql://host/db?user=u&password=s3cret"
            })
    void postgresql_is_recognised_and_refused_without_its_password(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerUrl.parse(url))
                .withMessageContaining("SQLite only")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret", "host"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ledger.db",
                "/ledger.db",
                "sqlite",
                "sqlite:",
                "sqlite:ledger.db",
                "sqlite:/ledger.db",
                "sqlite://ledger.db",
                "sqlite://user:s3cret@host/ledger.db",
                "sqlite:///",
                "sqlite:/// ",
                "sqlite:///:memory:",
                "sqlite:///file:ledger.db",
                "sqlite:///ledger.db?mode=ro",
                "sqlite:///ledger.db?synchronous=OFF",
                "sqlite:///ledger.db\n",
                "sqlite:///led\u0000ger.db",
                "SQLITE:///ledger.db",
                " sqlite:///ledger.db",
                "sqlite+pysqlite:///ledger.db",
                "jdbc:sqlite:",
                "jdbc:sqlite::memory:",
                "jdbc:sqlite::resource:ledger.db",
                "jdbc:sqlite:file:ledger.db",
                "jdbc:sqlite:ledger.db?journal_mode=OFF",
                "jdbc:mysql://user:s3cret@host/db",
                "mysql://user:s3cret@host/db",
                "file:///ledger.db",
                "https://user:s3cret@host/"
            })
    void anything_else_is_refused_by_a_message_that_names_what_is_accepted(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerUrl.parse(url))
                .withMessageContaining("sqlite:///relative.db")
                .withMessageContaining("sqlite:////absolute.db")
                .withMessageContaining("sqlite://")
                .withMessageContaining("jdbc:sqlite:path")
                .withNoCause()
                .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
    }

    @Test
    void options_have_a_message_of_their_own() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerUrl.parse("sqlite:///ledger.db?synchronous=OFF"))
                .withMessageContaining("no options");
    }
}
