" Generated from the tables of the compiler by go generate ./lang/grammar; do not edit.
" Language: .space, the search spaces of spacec
if exists("b:current_syntax")
  finish
endif

syn match spaceCall /\<\h\w*\ze(/
syn match spaceLibrary /\<\%(add\|any_order\|any_order_3\|attention\|avg_pool\|batch_norm\|causal_mask\|classifier\|clone\|concat\|conv\|conv1d\|conv_norm_act\|dense\|dense_block\|dropout\|embed\|encoder\|ffn\|flatten\|fold\|gelu\|global_avg_pool\|global_max_pool\|group_norm\|gru\|inverted\|layer_norm\|leaky_relu\|linear\|lstm\|masked_attention\|matmul\|max_pool\|mbconv\|mean\|mul\|nested_repeat\|pad_equal\|pad_mask\|permute\|pos_enc\|relu\|reshape\|residual\|residual_padded\|scale\|scale_channels\|sep_conv\|sigmoid\|silu\|sinusoid\|skip\|softmax\|split\|split_combine\|squeeze_excite\|tanh\|two_ways\|unfold\|zero\)\>/
syn match spaceParameter /\<\h\w*\ze\s*:/
syn match spaceDeclared /^\h\w*\ze\s*=\%(=\)\@!/
syn match spaceNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?[kMG]\?\>/
syn match spaceOperator />>\|->\|\.\.\|[|?+*\/%@<>=!-]/
syn match spaceRangeWord /\%([[:alnum:]_)] \)\@<=\%(log\|points\|step\)\>\%(\s*[(=:.]\)\@!/
syn match spaceWord /\%([[:alnum:]_)] \)\@<=of\ze\s\+[[:alnum:]_(]/
syn match spaceWeight /\%(\[\s*\)\@<=each\ze\s*\]/
syn match spaceWeight /\%(\[\s*[0-9.]\+\s*\)\@<=%\ze\s*\]/
syn match spaceClause /^\s*\zs\%(macs\|params\|requires\)\ze\s\+[[:alnum:]_"(-]/
syn match spaceModifier /[(,]\s*\zsrule\ze\s\+\h/
syn match spaceDeclaration /\%(^\|;\)\s*\zs\%(config\|cost\|edition\|from\|input\|maximize\|minimize\|op\|output\|rule\|seed\|space\|type\|use\)\ze\s\+[[:alnum:]_"]/
syn match spaceDeclared /\%(\%(^\|;\)\s*\%(config\|cost\|edition\|from\|input\|maximize\|minimize\|op\|output\|rule\|seed\|space\|type\|use\)\s\+\)\@<=\h\w*/
syn keyword spaceDeclaration let require share
syn keyword spaceConditional else if then
syn keyword spaceWord not implies or and is
syn keyword spaceBoolean true false
syn keyword spaceSelf in
syn region spaceString start=/"/ skip=/\\./ end=/"/ end=/$/ oneline
syn match spaceComment /\/\/.*$/ contains=@Spell
syn match spaceDoc /\/\/\/.*$/ contains=@Spell

hi def link spaceBoolean Boolean
hi def link spaceCall Function
hi def link spaceClause Keyword
hi def link spaceComment Comment
hi def link spaceConditional Conditional
hi def link spaceDeclaration Keyword
hi def link spaceDeclared Function
hi def link spaceDoc SpecialComment
hi def link spaceLibrary Function
hi def link spaceModifier StorageClass
hi def link spaceNumber Number
hi def link spaceOperator Operator
hi def link spaceParameter Identifier
hi def link spaceRangeWord Keyword
hi def link spaceSelf Special
hi def link spaceString String
hi def link spaceWeight Special
hi def link spaceWord Operator

setlocal commentstring=//\ %s
let b:current_syntax = "space"
