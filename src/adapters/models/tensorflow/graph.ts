import { quoted } from "../../../core/models/onnx/quoted.ts";
import { UserError } from "../../../errors.ts";

/**
 * The operations that TensorFlow.js 4.22 has kernels for. `Print` is none of them: it writes what a stranger
 * wrote to the log, where a workflow's runner takes it for a command.
 */
const OPERATIONS: ReadonlySet<string> = new Set(
  `
Abs Acos Acosh Add AddN AddV2 All Any ArgMax ArgMin Asin Asinh Atan Atan2 Atanh AvgPool AvgPool3D
BatchMatMul BatchMatMulV2 BatchToSpaceND BiasAdd Bincount BitwiseAnd BroadcastArgs BroadcastTo Cast
Ceil ClipByValue Complex ComplexAbs Concat ConcatV2 Const Conv1D Conv2D Conv2DBackpropInput
Conv2dTranspose Conv3D Cos Cosh CropAndResize Cumprod Cumsum DenseBincount DepthToSpace DepthwiseConv2d
DepthwiseConv2dNative Dilation2D Div DivNoNan Einsum Elu EmptyTensorList EnsureShape Enter Equal Erf
EuclideanNorm Exit Exp ExpandDims Expm1 FFT FakeQuantWithMinMaxVars Fill Floor FloorDiv FloorMod
FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 FusedDepthwiseConv2dNative Gather GatherNd GatherV2
Greater GreaterEqual HashTable HashTableV2 IFFT IRFFT Identity IdentityN If Imag
ImageProjectiveTransformV3 InitializeTable InitializeTableV2 IsFinite IsInf IsNan LRN LeakyRelu Less
LessEqual LinSpace ListDiff Log Log1p LogSoftmax LogicalAnd LogicalNot LogicalOr LookupTableFind
LookupTableFindV2 LookupTableImport LookupTableImportV2 LookupTableSize LookupTableSizeV2 LoopCond
LowerBound MatMul MatrixBandPart Max MaxPool MaxPool3D MaxPoolWithArgmax Maximum Mean Merge Min Minimum
MirrorPad Mod Mul Multinomial Neg NextIteration NoOp NonMaxSuppressionV2 NonMaxSuppressionV3
NonMaxSuppressionV4 NonMaxSuppressionV5 NotEqual OneHot Ones OnesLike Pack Pad PadV2 Placeholder
PlaceholderWithDefault Pow Prelu Prod RFFT RaggedGather RaggedRange RaggedTensorToTensor
RandomStandardNormal RandomUniform RandomUniformInt Range Rank Real RealDiv Reciprocal Relu Relu6
Reshape ResizeBilinear ResizeNearestNeighbor Reverse ReverseV2 Round Rsqrt ScatterNd Select SelectV2
Selu Shape ShapeN Sigmoid Sign Sin Sinh Size Slice Snapshot Softmax Softplus SpaceToBatchND
SparseFillEmptyRows SparseReshape SparseSegmentMean SparseSegmentSum SparseToDense Split SplitV Sqrt
Square SquaredDifference Squeeze StatelessIf StatelessWhile StaticRegexReplace StopGradient
StridedSlice StringNGrams StringSplit StringToHashBucketFast Sub Sum Switch Tan Tanh TensorArrayCloseV3
TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayReadV3 TensorArrayScatterV3 TensorArraySizeV3
TensorArraySplitV3 TensorArrayV3 TensorArrayWriteV3 TensorListConcat TensorListConcatV2
TensorListFromTensor TensorListGather TensorListGetItem TensorListLength TensorListPopBack
TensorListPushBack TensorListReserve TensorListResize TensorListScatter TensorListScatterV2
TensorListSetItem TensorListSplit TensorListStack TensorScatterUpdate Tile TopKV2 Transpose
TruncatedNormal Unique UniqueV2 Unpack UpperBound Where While Zeros ZerosLike _FusedConv2D _FusedMatMul
`
    .trim()
    .split(/\s+/),
);

/** Operations that make something as large as one of their inputs says, and which input that is. */
const SIZED: Readonly<Record<string, number>> = {
  BroadcastTo: 1,
  Fill: 0,
  LinSpace: 2,
  OneHot: 1,
  RandomStandardNormal: 0,
  RandomUniform: 0,
  RandomUniformInt: 0,
  ResizeBilinear: 1,
  ResizeNearestNeighbor: 1,
  TensorListReserve: 1,
  Tile: 1,
  TruncatedNormal: 0,
};
const LARGEST = 100_000_000; // numbers that one operation may make of nothing

/**
 * Whether TensorFlow.js has every operation of a graph, and none makes more out of nothing than any model needs.
 *
 * @param constant the values of a weight of whole numbers, by its name
 * @throws {UserError} on an operation that it does not have, or one that would take all memory
 */
export function checkGraph(
  topology: Readonly<Record<string, unknown>>,
  constant: (name: string) => ArrayLike<number> | undefined,
  path: string,
): void {
  const own = functionNames(topology);
  for (const node of nodesOf(topology)) {
    const { name, op, input } = node as { name?: unknown; op?: unknown; input?: unknown };
    if (typeof op !== "string" || !(OPERATIONS.has(op) || own.has(op)))
      throw new UserError(
        `${path} has the operation ${quoted(String(op))}, which TensorFlow.js does not have or which is not run; export the model without it, for example as ONNX`,
      );
    const place = Object.hasOwn(SIZED, op) ? SIZED[op] : undefined;
    const from = place === undefined || !Array.isArray(input) ? undefined : input[place];
    const sizes = typeof from === "string" ? constant(from.replace(/^\^|:\d+$/g, "")) : undefined;
    const product = Array.from(sizes ?? []).reduce((total, size) => total * size, 1);
    if (product > LARGEST)
      throw new UserError(
        `${path} has the operation ${quoted(String(name))} (${op}), which would make ${product} numbers; at most ${LARGEST} are right`,
      );
  }
}

/** The graph's operations, and those of its functions. */
function* nodesOf(topology: Readonly<Record<string, unknown>>): Generator<object> {
  yield* objects(topology.node);
  for (const one of functionsOf(topology)) yield* objects((one as { nodeDef?: unknown }).nodeDef);
}

function functionsOf({ library }: Readonly<Record<string, unknown>>): object[] {
  return typeof library === "object" && library !== null
    ? objects((library as { function?: unknown }).function)
    : [];
}

function functionNames(topology: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set(
    functionsOf(topology).flatMap((one) => {
      const { signature } = one as { signature?: { name?: unknown } };
      return typeof signature?.name === "string" ? [signature.name] : [];
    }),
  );
}

const objects = (list: unknown): object[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === "object" && one !== null) : [];
