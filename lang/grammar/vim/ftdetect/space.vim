" Generated from the tables of the compiler by go generate ./lang/grammar; do not edit.
au BufRead,BufNewFile *.space setfiletype space
