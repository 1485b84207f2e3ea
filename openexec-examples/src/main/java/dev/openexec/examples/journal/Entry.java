package dev.openexec.examples.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.openexec.json.Digest;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.ExecutionStore.Opened;
import dev.openexec.store.InMemoryLog;
import dev.openexec.store.Leaf;
import dev.openexec.store.LogPosition;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one line says; what it does not say is null.
 *
 * @param ledger the first line: what the ledger says of itself
 * @param floors what it holds against claims from here on
 * @param rows executions as they are from here on
 * @param removed the nonce keys of executions that are gone from here on
 * @param leaf the next receipt of the log
 * @param about the execution that the receipt is about
 * @param cosigned what witnesses brought for the log
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Entry(
        @Nullable Opened ledger,
        Floors floors,
        List<StoredExecution> rows,
        List<Digest> removed,
        @Nullable String leaf,
        @Nullable UUID about,
        Write.@Nullable Cosigned cosigned) {

    static Entry made(Opened ledger, Floors floors) {
        return new Entry(ledger, floors, List.of(), List.of(), null, null, null);
    }

    static Entry of(Floors floors) {
        return new Entry(null, floors, List.of(), List.of(), null, null, null);
    }

    Entry with(@Nullable Leaf leaf, InMemoryLog log, @Nullable UUID about) {
        Optional<LogPosition> previous = about == null ? Optional.empty() : log.lastOf(about);
        return new Entry(
                ledger,
                floors,
                rows,
                removed,
                leaf == null ? null : leaf.after(previous.orElse(null)),
                about,
                cosigned);
    }

    Entry with(List<StoredExecution> rows) {
        return new Entry(ledger, floors, rows, removed, leaf, about, cosigned);
    }

    Entry with(Write.Cosigned cosigned) {
        return new Entry(ledger, floors, rows, removed, leaf, about, cosigned);
    }

    Entry without(List<Digest> removed) {
        return new Entry(ledger, floors, rows, removed, leaf, about, cosigned);
    }

    /** Records are JSON objects by themselves; only these two values need words. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE) // what follows from the rest
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .addModule(new SimpleModule()
                    .addSerializer(Digest.class, ToStringSerializer.instance)
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(
                            Digest.class,
                            new Read<>(hex -> Digest.fromBytes(HexFormat.of().parseHex(hex))))
                    .addDeserializer(Instant.class, new Read<>(Instant::parse)))
            .build();

    private static final class Read<T> extends StdDeserializer<T> {

        private final transient Function<String, T> parser;

        Read(Function<String, T> parser) {
            super(Object.class);
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser text, DeserializationContext context) throws IOException {
            return parser.apply(text.getText());
        }
    }

    static Entry read(String json) throws IOException {
        return JSON.readValue(json, Entry.class);
    }

    String json() throws IOException {
        return JSON.writeValueAsString(this);
    }
}
