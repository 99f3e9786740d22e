// Written for the project: a small ledger node whose components the example's advisories hit, in part.
module gongshi.example/pilot/node

go 1.21

require (
	github.com/cometbft/cometbft v0.37.2
	github.com/cosmos/cosmos-sdk v0.47.3
	github.com/cosmos/ibc-go/v7 v7.0.0
	github.com/ethereum/go-ethereum v1.10.26
)

require (
	golang.org/x/image v0.0.0-20220302094943-723b81ca9867 // indirect
	golang.org/x/sys v0.15.0 // indirect
)

replace github.com/cosmos/ibc-go/v7 v7.0.0 => github.com/cosmos/ibc-go/v7 v7.0.1
