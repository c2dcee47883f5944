package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.shiplog.api.schema.types.ValueType.Leaf;
import dev.shiplog.api.schema.types.ValueType.Scalar;
import dev.shiplog.api.schema.types.ValueType.Special;
import java.io.IOException;

/** Reads single values in the form their type asks for. */
final class Scalars {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Scalars() {}

  /** What came of reading a value. */
  sealed interface Result {}

  record Value(JsonNode node) implements Result {}

  /** The right JSON form, but not what belongs there. */
  record Malformed(String message) implements Result {}

  /** Another JSON form than the type has. */
  record WrongForm(String found) implements Result {}

  static Result read(Scalar type, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (type.form()) {
      case STRING ->
          token != JsonToken.VALUE_STRING
              ? wrong(parser)
              : type.format().equals("byte")
                  ? base64(parser.getText())
                  : new Value(TextNode.valueOf(parser.getText()));
      case BOOLEAN ->
          token.isBoolean()
              ? new Value(NODES.booleanNode(parser.getBooleanValue()))
              : wrong(parser);
      case INTEGER -> integer(type.format().equals("int32"), parser);
      case NUMBER ->
          token.isNumeric() ? new Value(NODES.numberNode(parser.getDoubleValue())) : wrong(parser);
    };
  }

  static Result read(Special type, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (type.leaf()) {
      case TIME, MICRO_TIME ->
          token == JsonToken.VALUE_STRING ? time(type.leaf(), parser.getText()) : wrong(parser);
      case QUANTITY ->
          token == JsonToken.VALUE_STRING || token.isNumeric()
              ? quantity(parser.getText())
              : wrong(parser);
      case INT_OR_STRING ->
          token == JsonToken.VALUE_STRING
              ? new Value(TextNode.valueOf(parser.getText()))
              : integer(true, parser);
    };
  }

  /** What stands at the parser's place, in the words of Kubernetes' messages. */
  static String describe(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_TRUE, VALUE_FALSE -> "bool";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      default -> parser.currentToken().name();
    };
  }

  private static Result integer(boolean narrow, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT) {
      NumberType size = parser.getNumberType();
      if (size == NumberType.INT || (size == NumberType.LONG && !narrow)) {
        return new Value(integerNode(parser.getLongValue()));
      }
    }
    return token.isNumeric() ? new WrongForm("number " + parser.getText()) : wrong(parser);
  }

  /** The node a plain reading of JSON makes, so that trees compare equal wherever they are from. */
  private static JsonNode integerNode(long value) {
    return (int) value == value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  private static Result base64(String text) {
    try {
      return new Value(TextNode.valueOf(Base64Text.canonical(text)));
    } catch (IllegalArgumentException e) {
      return new Malformed(e.getMessage());
    }
  }

  private static Result time(Leaf leaf, String text) {
    try {
      return new Value(
          TextNode.valueOf(leaf == Leaf.TIME ? Times.seconds(text) : Times.micros(text)));
    } catch (IllegalArgumentException e) {
      return new Malformed(e.getMessage());
    }
  }

  private static Result quantity(String text) {
    try {
      return new Value(TextNode.valueOf(Quantity.parse(text).toString()));
    } catch (IllegalArgumentException e) {
      return new Malformed(e.getMessage());
    }
  }

  private static WrongForm wrong(JsonParser parser) throws IOException {
    return new WrongForm(describe(parser));
  }
}
