/* SPDX-License-Identifier: Apache-2.0 */
#include "asset_list.h"

	.section .rodata
#define X(symbol, path, file, type)                                                                          \
	.global steadfast_asset_##symbol ;                                                                   \
	steadfast_asset_##symbol: .incbin file ;                                                             \
	.global steadfast_asset_end_##symbol ;                                                               \
	steadfast_asset_end_##symbol: .byte 0 ;
	SF_ASSETS(X)
#undef X
	.section .note.GNU-stack, "", @progbits
