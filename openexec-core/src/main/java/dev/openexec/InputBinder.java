package dev.openexec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.openexec.action.InvalidInputException;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes an action's input of the payload: exactly the bytes that were hashed, or nothing. */
interface InputBinder<I> {

    I bind(Json payload) throws InvalidInputException;

    /**
     * The binder of a type.
     *
     * @throws IllegalArgumentException if no input can be bound to it
     */
    static <I> InputBinder<I> of(Class<I> type) {
        if (type == Json.class) {
            return type::cast;
        }
        if (type != null && type.isRecord()) {
            return new RecordBinder<>(type);
        }
        throw new IllegalArgumentException("An input is a record or Json, not " + type);
    }

    /**
     * Strict in two ways: Jackson is told to coerce nothing, and what it made is written back and compared, so that
     * whatever it lost or changed all the same refuses the input.
     */
    final class RecordBinder<I> implements InputBinder<I> {

        private static final JsonMapper MAPPER = strictMapper();

        private final ObjectReader reader;
        private final ObjectWriter writer;

        RecordBinder(Class<I> type) {
            requireBindable(MAPPER.constructType(type), new HashSet<>());
            reader = MAPPER.readerFor(type);
            writer = MAPPER.writerFor(type);
        }

        @Override
        public I bind(Json payload) throws InvalidInputException {
            I input;
            Json back;
            try {
                input = reader.readValue(payload.canonical());
                back = Json.parse(writer.writeValueAsString(input));
            } catch (UnrecognizedPropertyException e) {
                throw new InvalidInputException("unknown-member");
            } catch (JsonProcessingException | MalformedJsonException e) {
                throw new InvalidInputException("input-mismatch");
            }
            if (!back.equals(payload)) {
                throw new InvalidInputException("input-not-exact");
            }
            return input;
        }

        /** Jackson finds out about some types only when a value arrives: too late for the author. */
        private static void requireBindable(@Nullable JavaType type, Set<JavaType> seen) {
            if (type == null || !seen.add(type)) {
                return;
            }
            Class<?> raw = type.getRawClass();
            requireReachable(raw);
            try {
                if (isNeverBound(context().findRootValueDeserializer(type))) {
                    throw new IllegalArgumentException("No input can be bound to " + raw.getName());
                }
            } catch (JsonMappingException e) {
                throw new IllegalArgumentException(
                        "No input can be bound to " + raw.getName() + ": " + e.getOriginalMessage(), e);
            }
            requireBindable(type.getKeyType(), seen); // Jackson takes any class that a String constructs for a key
            requireBindable(type.getContentType(), seen);
            if (raw.isRecord()) {
                for (RecordComponent component : raw.getRecordComponents()) {
                    requireBindable(MAPPER.constructType(component.getGenericType()), seen);
                }
            }
        }

        /** A new one each time: it is for one thread. */
        private static DeserializationContext context() {
            return ((DefaultDeserializationContext) MAPPER.getDeserializationContext())
                    .createDummyInstance(MAPPER.getDeserializationConfig());
        }

        private static boolean isNeverBound(JsonDeserializer<?> deserializer) {
            return deserializer instanceof AbstractDeserializer
                    || deserializer instanceof UnsupportedTypeDeserializer
                    || (deserializer instanceof BeanDeserializerBase bean
                            && !bean.getValueInstantiator().canInstantiate());
        }

        private static void requireReachable(Class<?> type) {
            Module module = type.getModule();
            Module jackson = JsonMapper.class.getModule();
            String room = type.getPackageName();
            boolean reachable = module.isOpen(room, jackson)
                    || (Modifier.isPublic(type.getModifiers()) && module.isExported(room, jackson));
            if (type.isRecord() && !reachable) {
                throw new IllegalArgumentException("Jackson cannot reach " + type.getName() + ": write \"opens " + room
                        + " to com.fasterxml.jackson.databind;\" into the module-info.java of " + module.getName());
            }
        }

        private static JsonMapper strictMapper() {
            JsonMapper mapper = JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build();
            for (CoercionInputShape shape : CoercionInputShape.values()) {
                mapper.coercionConfigDefaults().setCoercion(shape, CoercionAction.Fail);
            }
            return mapper;
        }
    }
}
