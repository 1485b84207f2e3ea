package dev.openexec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.BeanUtil;
import dev.openexec.action.InvalidInputException;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Set;

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
        if (type.isRecord()) {
            return new RecordBinder<>(type);
        }
        throw new IllegalArgumentException("An input is a record or Json, not " + type.getName());
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
            try {
                reader.readValue("{}");
            } catch (InvalidDefinitionException e) {
                throw new IllegalArgumentException("Input cannot be bound to " + type.getName(), e);
            } catch (JsonProcessingException e) {
                return; // it has members, so an empty object does not do
            }
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
        private static void requireBindable(JavaType type, Set<Class<?>> seen) {
            String why = BeanUtil.checkUnsupportedType(MAPPER.getDeserializationConfig(), type);
            if (why != null) {
                throw new IllegalArgumentException(
                        "Input cannot be bound to " + type.getRawClass().getName());
            }
            if (type.getKeyType() != null) {
                requireBindable(type.getKeyType(), seen);
            }
            if (type.getContentType() != null) {
                requireBindable(type.getContentType(), seen);
            }
            if (type.getRawClass().isRecord() && seen.add(type.getRawClass())) {
                for (RecordComponent component : type.getRawClass().getRecordComponents()) {
                    requireBindable(MAPPER.constructType(component.getGenericType()), seen);
                }
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
