/**
 * What may stand in a field: a whole number (`int32` where a reader keeps 32 bits), a number of fixed width,
 * text or bytes, a message by its name, or nothing at all.
 */
export type Kind = "int32" | "int64" | "float" | "double" | "bytes" | "refused" | MessageName;

/** One field of a message. */
export interface Rule {
  readonly kind: Kind;
  /** Whether it may stand more than once. */
  readonly many: boolean;
}

export type MessageName =
  | "Model"
  | "Graph"
  | "Function"
  | "Node"
  | "Attribute"
  | "Tensor"
  | "Segment"
  | "Sparse"
  | "Annotation"
  | "Value"
  | "Type"
  | "TensorType"
  | "ElementType"
  | "MapType"
  | "OpaqueType"
  | "Shape"
  | "Dimension"
  | "OperatorSet"
  | "Entry";

const one = (kind: Kind): Rule => ({ kind, many: false });
const many = (kind: Kind): Rule => ({ kind, many: true });

/**
 * The messages of an ONNX file, by field number: onnx.proto of ONNX 1.18. How operations are spread over
 * devices is left out, since one computes here.
 */
export const MESSAGES: Readonly<Record<MessageName, Readonly<Record<number, Rule>>>> = {
  Model: {
    1: one("int64"), // ir_version
    2: one("bytes"), // producer_name
    3: one("bytes"), // producer_version
    4: one("bytes"), // domain
    5: one("int64"), // model_version
    6: one("bytes"), // doc_string
    7: one("Graph"),
    8: many("OperatorSet"),
    14: many("Entry"), // metadata_props
    20: one("refused"), // training_info
    25: many("Function"),
  },
  Graph: {
    1: many("Node"),
    2: one("bytes"), // name
    5: many("Tensor"), // initializer
    10: one("bytes"), // doc_string
    11: many("Value"), // input
    12: many("Value"), // output
    13: many("Value"), // value_info
    14: many("Annotation"), // quantization_annotation
    15: many("Sparse"), // sparse_initializer
    16: many("Entry"), // metadata_props
  },
  Function: {
    1: one("bytes"), // name
    4: many("bytes"), // input
    5: many("bytes"), // output
    6: many("bytes"), // attribute
    7: many("Node"),
    8: one("bytes"), // doc_string
    9: many("OperatorSet"),
    10: one("bytes"), // domain
    11: many("Attribute"), // attribute_proto
    12: many("Value"), // value_info
    13: one("bytes"), // overload
    14: many("Entry"), // metadata_props
  },
  Node: {
    1: many("bytes"), // input
    2: many("bytes"), // output
    3: one("bytes"), // name
    4: one("bytes"), // op_type
    5: many("Attribute"),
    6: one("bytes"), // doc_string
    7: one("bytes"), // domain
    8: one("bytes"), // overload
    9: many("Entry"), // metadata_props
  },
  Attribute: {
    1: one("bytes"), // name
    2: one("float"),
    3: one("int64"),
    4: one("bytes"),
    5: one("Tensor"),
    6: one("Graph"),
    7: many("float"),
    8: many("int64"),
    9: many("bytes"),
    10: many("Tensor"),
    11: many("Graph"),
    13: one("bytes"), // doc_string
    14: one("Type"),
    15: many("Type"),
    20: one("int32"), // type
    21: one("bytes"), // ref_attr_name
    22: one("Sparse"),
    23: many("Sparse"),
  },
  Tensor: {
    1: many("int64"), // dims
    2: one("int32"), // data_type
    3: one("Segment"),
    4: many("float"),
    5: many("int64"), // int32_data
    6: many("bytes"), // string_data
    7: many("int64"),
    8: one("bytes"), // name
    9: one("bytes"), // raw_data
    10: many("double"),
    11: many("int64"), // uint64_data
    12: one("bytes"), // doc_string
    13: many("Entry"), // external_data
    14: one("int32"), // data_location
    16: many("Entry"), // metadata_props
  },
  Segment: { 1: one("int64"), 2: one("int64") },
  Sparse: { 1: one("Tensor"), 2: one("Tensor"), 3: many("int64") },
  Annotation: { 1: one("bytes"), 2: many("Entry") },
  Value: { 1: one("bytes"), 2: one("Type"), 3: one("bytes"), 4: many("Entry") },
  Type: {
    1: one("TensorType"),
    4: one("ElementType"), // sequence_type
    5: one("MapType"),
    6: one("bytes"), // denotation
    7: one("OpaqueType"),
    8: one("TensorType"), // sparse_tensor_type
    9: one("ElementType"), // optional_type
  },
  TensorType: { 1: one("int32"), 2: one("Shape") },
  ElementType: { 1: one("Type") },
  MapType: { 1: one("int32"), 2: one("Type") },
  OpaqueType: { 1: one("bytes"), 2: one("bytes") },
  Shape: { 1: many("Dimension") },
  Dimension: { 1: one("int64"), 2: one("bytes"), 3: one("bytes") },
  OperatorSet: { 1: one("bytes"), 2: one("int64") },
  Entry: { 1: one("bytes"), 2: one("bytes") },
};

/** Of these fields of a message one may stand: a reader takes the last, whichever it is. */
export const EITHER: Partial<Readonly<Record<MessageName, readonly number[]>>> = {
  Type: [1, 4, 5, 7, 8, 9],
  Dimension: [1, 2],
};
